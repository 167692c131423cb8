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

function notices(open: Core): Notice[] {
  return open.notices() as Notice[]
}

/** Another tab may take the records over while nobody asks anything here. */
function watch(open: Core): void {
  open.over().then(() => send({ notices: notices(open) }), fatal)
}

self.addEventListener('message', (event: MessageEvent<Question>) => {
  const question = event.data
  const { id } = question
  core(question.after_death)
    .then(async (open) => {
      if ('photo' in question) {
        send({ id, photo: (await open.photo(question.photo, question.bytes)) as PhotoAnswer })
        return
      }
      const { request } = question
      const reply = (await open.handle(request)) as Reply
      send({ id, reply, notices: notices(open) })
      if (request.type === 'start') watch(open)
    })
    .catch(fatal)
})

// A trap inside a future of the core surfaces here, not at the request that caused it.
self.addEventListener('unhandledrejection', (event) => fatal(event.reason))
