// The page of the tests: starts workers with the core inside and passes on what the driver asks of them.
const workers = []

/** Starts a worker; returns its number once the core is loaded. */
globalThis.startWorker = async () => {
  const worker = new Worker('/worker.js', { type: 'module' })
  const entry = { worker, waiting: new Map(), asked: 0, panics: [], errors: 0 }
  const loaded = new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => {
      if (data.loaded) resolve()
      else if (data.fatal) entry.panics.push(data.fatal)
      else if (data.quota !== undefined) globalThis.setQuota(data.quota).then(() => worker.postMessage({ quotaSet: true }))
      else if (data.said !== undefined) globalThis.said?.(data.said)
      else if (data.error !== undefined) entry.waiting.get(data.seq).reject(new Error(data.error))
      else entry.waiting.get(data.seq).resolve(data.result)
    }
    worker.onerror = (event) => {
      // A trap of the core; nothing that was asked will be answered.
      event.preventDefault()
      entry.errors += 1
      for (const { reject } of entry.waiting.values()) reject(new Error(`worker: ${event.message}`))
      reject(new Error(event.message))
    }
  })
  workers.push(entry)
  await loaded
  return workers.length - 1
}

/** Runs the text of a function in a worker, as f(core, kept, ...args). */
globalThis.runInWorker = (number, source, args) => {
  const entry = workers[number]
  entry.asked += 1
  const seq = entry.asked
  const answer = new Promise((resolve, reject) => entry.waiting.set(seq, { resolve, reject }))
  entry.worker.postMessage({ seq, source, args })
  return answer.finally(() => entry.waiting.delete(seq))
}

/** What a worker said when it panicked. */
globalThis.panicsOf = (number) => workers[number].panics

globalThis.stopWorker = (number) => workers[number].worker.terminate()
