// The core as the app's worker holds it: requests in, replies and notices out, as plain objects.
import assert from 'node:assert/strict'

/** In a worker: opens the core if it is not open, and asks it. */
const ask = (worker, request) =>
  worker.run(async (core, kept, request) => {
    kept.core ??= await core.Core.open()
    return kept.core.handle(0, request)
  }, request)

const notices = (worker) => worker.run((_core, kept) => kept.core.notices(0))

const START = { type: 'start', take_over: false }
const FRESH = { type: 'start', view: { state: 'fresh' } }
const ELSEWHERE = { type: 'start', view: { state: 'elsewhere' } }

export const tests = {
  'core: a new phone belongs to nobody': async (world) => {
    const { tab, close } = await world.fresh()
    const worker = await tab.worker()
    assert.deepEqual(await ask(worker, START), FRESH)
    const reply = await ask(worker, { type: 'households', query: '', chip: 'all', group: '', offset: 0, limit: 50 })
    assert.equal(reply.type, 'failed')
    assert.equal(reply.problem.code, 'not_joined')
    assert.ok(reply.problem.words.zh.length > 0 && reply.problem.words.en.length > 0)
    assert.deepEqual(await notices(worker), [])
    await close()
  },

  'core: what it notes is there in the next worker, with a plain time': async (world) => {
    const { tab, close } = await world.fresh()
    const first = await tab.worker()
    await ask(first, START)
    assert.deepEqual(await ask(first, { type: 'note_error', code: 'app.test', place: 'here' }), { type: 'note_error' })
    await first.stop()
    const second = await tab.worker()
    await ask(second, START)
    const { text } = await ask(second, { type: 'error_log' })
    assert.match(text, /app\.test/)
    assert.ok(text.includes(String(new Date().getFullYear())), text)
    await close()
  },

  'core: what is no request is refused, and the core goes on': async (world) => {
    const { tab, close } = await world.fresh()
    const worker = await tab.worker()
    await assert.rejects(ask(worker, { type: 'nonsense' }), /nonsense/)
    await assert.rejects(ask(worker, { type: 'household' }), /id/)
    assert.deepEqual(await ask(worker, START), FRESH)
    await close()
  },

  'core: an endpoint that cannot be reached is said in words': async (world) => {
    const { tab, close } = await world.fresh()
    const worker = await tab.worker()
    await ask(worker, START)
    await tab.page.context().setOffline(true)
    const reply = await ask(worker, { type: 'invitation', token: '23456789' })
    assert.equal(reply.problem?.code, 'link_offline', JSON.stringify(reply))
    await close()
  },

  'core: a second tab says so, takes over when asked, and the first is told': async (world) => {
    const { tab, again, close } = await world.fresh()
    const first = await tab.worker()
    await ask(first, START)
    const second = await (await again()).worker()
    assert.deepEqual(await ask(second, START), ELSEWHERE)
    const told = first.run((_core, kept) => kept.core.over(0).then(() => kept.core.notices(0)))
    assert.deepEqual(await ask(second, { type: 'start', take_over: true }), FRESH)
    assert.deepEqual(await told, [{ type: 'elsewhere' }])
    assert.deepEqual(await ask(first, START), ELSEWHERE)
    // And back again.
    assert.deepEqual(await ask(first, { type: 'start', take_over: true }), FRESH)
    assert.deepEqual(await ask(second, START), ELSEWHERE)
    await close()
  },
}
