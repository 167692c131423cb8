// The way to the endpoint: what is sent, whose answer it is, and every way a network fails.
import assert from 'node:assert/strict'
import { openTab } from './browser.mjs'
import { startServer } from './server.mjs'

const LIMITS = { firstByte: 5_000, whole: 10_000 }

/** Sends from a worker; the answer with its body as a plain array. */
async function send(worker, path, { body, token, firstByte = LIMITS.firstByte, whole = LIMITS.whole } = {}) {
  return worker.run(
    async (core, _kept, path, body, token, firstByte, whole) => {
      const bytes = body ? Uint8Array.from(body) : undefined
      const answer = await core.trial_send(path, bytes, token ?? undefined, firstByte, whole)
      return { ...answer, body: Array.from(answer.body) }
    },
    path,
    body ?? null,
    token ?? null,
    firstByte,
    whole,
  )
}

/** One test with a worker; `seen` holds the requests that arrived for it. */
const withWorker = (test) => async (world) => {
  const { tab, close } = await world.fresh()
  world.server.seen.length = 0
  await test(await tab.worker(), world.server, tab)
  await close()
}

export const tests = {
  'link: a body is posted with type and token, and comes back': withWorker(async (worker, { seen }) => {
    const answer = await send(worker, '/v1/echo/a', { body: [0, 255, 7], token: '令牌'.length + 'token' })
    assert.deepEqual(answer, { status: 200, ours: true, retry_after_s: undefined, body: [0, 255, 7] })
    assert.equal(seen.length, 1)
    assert.equal(seen[0].method, 'POST')
    assert.equal(seen[0].headers['content-type'], 'application/vnd.bianfang')
    assert.equal(seen[0].headers.authorization, 'Bearer 2token')
    assert.equal(seen[0].headers.referer, undefined)
  }),

  'link: without a body it is a get without token': withWorker(async (worker, { seen }) => {
    assert.equal((await send(worker, '/v1/echo/a')).status, 200)
    assert.equal(seen[0].method, 'GET')
    assert.equal(seen[0].headers.authorization, undefined)
  }),

  'link: no cookies, no cache': withWorker(async (worker, { seen }, tab) => {
    await tab.page.evaluate(() => (document.cookie = 'c=d'))
    await send(worker, '/v1/echo/a')
    await send(worker, '/v1/echo/a')
    assert.equal(seen.length, 2)
    assert.deepEqual(seen.map((request) => request.headers.cookie), [undefined, undefined])
    assert.equal(await tab.page.evaluate(() => document.cookie), 'c=d')
  }),

  'link: a path leads nowhere but to our own origin': withWorker(async (worker, { seen }) => {
    await send(worker, '//plain.test/v1/echo')
    assert.equal(seen[0].url, '//plain.test/v1/echo')
    assert.match(seen[0].headers.host, /^localhost:/)
  }),

  'link: a portal is not ours, and its page is not read': withWorker(async (worker) => {
    const portal = await send(worker, '/v1/portal')
    assert.deepEqual([portal.status, portal.ours, portal.body], [200, false, []])
  }),

  'link: a portal that never ends costs nothing': withWorker(async (worker, server) => {
    const gone = server.gone()
    const endless = await send(worker, '/v1/endless')
    assert.deepEqual([endless.status, endless.ours, endless.body], [200, false, []])
    await gone
  }),

  'link: a redirect is not followed and not ours': withWorker(async (worker, { seen }) => {
    const answer = await send(worker, '/v1/redirect', { body: [1], token: 'token' })
    assert.deepEqual([answer.status, answer.ours], [302, false])
    assert.equal(seen.length, 1)
  }),

  'link: the time to wait is read': withWorker(async (worker) => {
    const answer = await send(worker, '/v1/busy', { body: [1] })
    assert.deepEqual([answer.status, answer.ours, answer.retry_after_s], [429, true, 7])
    assert.equal(Buffer.from(answer.body).toString(), 'wait')
  }),

  'link: silence is a timeout, and the request is taken back': withWorker(async (worker, server) => {
    const gone = server.gone()
    await assert.rejects(send(worker, '/v1/silent', { firstByte: 300 }), /link_timeout/)
    await gone
  }),

  'link: an answer that stalls is a timeout': withWorker(async (worker, server) => {
    const gone = server.gone()
    await assert.rejects(send(worker, '/v1/stalling', { whole: 500 }), /link_timeout/)
    await gone
  }),

  'link: sending on a slow link has its own time': withWorker(async (worker) => {
    const body = new Array(20_000).fill(7)
    assert.equal((await send(worker, '/v1/slowly', { body, firstByte: 100, whole: 100 })).status, 200)
    await assert.rejects(send(worker, '/v1/slowly', { body: [7], firstByte: 100 }), /link_timeout/)
  }),

  'link: an answer that breaks off is cut': withWorker(async (worker) => {
    await assert.rejects(send(worker, '/v1/cut'), /link_cut/)
  }),

  'link: with nobody there it is offline': async (world) => {
    const own = await startServer(world.coreFolder)
    const context = await world.browser.newContext()
    const worker = await (await openTab(context, `http://localhost:${own.port}`)).worker()
    assert.equal((await send(worker, '/v1/echo')).status, 200)
    await own.stop()
    await assert.rejects(send(worker, '/v1/echo', { body: [1] }), /link_offline/)
    await context.close()
  },
}
