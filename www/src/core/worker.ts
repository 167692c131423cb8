// The dedicated worker: loads the core and hands it the page's requests. Holds no logic of its own.
import init, { Core } from './wasm/bianfang.js'
import type { Answer, PhotoAnswer, Question } from './messages'
import type { Notice, Reply } from './types'

declare const self: DedicatedWorkerGlobalScope

let unloaded = true
let opened: Promise<Core> | undefined

// Loaded before the first request arrives; a core that cannot be loaded says so to whoever asks.
const loaded = init().then(() => {
  unloaded = false
})
loaded.catch(() => undefined)

function core(afterDeath: boolean): Promise<Core> {
  return (opened ??= loaded.then(() => Core.open(afterDeath)))
}

function send(answer: Answer): void {
  self.postMessage(answer)
}

function fatal(error: unknown): void {
  send({ fatal: error instanceof Error ? error.name : 'unknown', unloaded })
}

function notices(open: Core, slot: number): Notice[] {
  return open.notices(slot) as Notice[]
}

/** Another tab may take the records over while nobody asks anything here. */
function watch(open: Core, slot: number): void {
  open.over(slot).then(() => send({ slot, notices: notices(open, slot) }), fatal)
}

self.addEventListener('message', (event: MessageEvent<Question>) => {
  const question = event.data
  const { id } = question
  core(question.after_death)
    .then(async (open) => {
      if ('slots' in question) {
        send({ id, slots: [...(await open.slots())] })
        return
      }
      const { slot } = question
      if ('photo' in question) {
        send({ id, photo: (await open.photo(slot, question.photo, question.bytes)) as PhotoAnswer })
        return
      }
      const { request } = question
      const reply = (await open.handle(slot, request)) as Reply
      send({ id, slot, reply, notices: notices(open, slot) })
      if (request.type === 'start') watch(open, slot)
    })
    .catch(fatal)
})

// A trap inside a future of the core surfaces here, not at the request that caused it.
self.addEventListener('unhandledrejection', (event) => fatal(event.reason))
