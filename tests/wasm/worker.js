// A worker with the core inside; runs functions that the driver sends as text.
import init, * as core from '/core/bianfang.js'

/** What functions keep for later ones. */
const kept = {}
let quotaSet = () => {}

// The contract's cases ask for a full storage; only the driver can make one.
globalThis.limitStorage = (bytes) =>
  new Promise((resolve) => {
    quotaSet = resolve
    postMessage({ quota: bytes ?? null })
  })

/** Tells the driver something while a function runs. */
kept.say = (said) => postMessage({ said })

const text = (thrown) => (thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown))

onmessage = async ({ data }) => {
  if (data.quotaSet) {
    quotaSet()
    return
  }
  try {
    const run = (0, eval)(`(${data.source})`)
    postMessage({ seq: data.seq, result: await run(core, kept, ...data.args) })
  } catch (thrown) {
    postMessage({ seq: data.seq, error: text(thrown) })
  }
}

await init()
postMessage({ loaded: true })
