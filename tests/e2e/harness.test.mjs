// The ground of the other tests: a browser that draws Chinese and keeps its storage, a connection that is really cut.
import assert from 'node:assert/strict'
import http from 'node:http'
import { test } from 'node:test'
import { Phone, Signal, atEnd, drawsChinese } from './harness.mjs'

/** A page on a free port. */
async function page(t) {
  const server = http.createServer((_request, response) => response.end('<!doctype html><title>x</title>'))
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  atEnd(t, () => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  return server.address()
}

test('the browser draws Chinese letters', async (t) => {
  const phone = await Phone.open(t)
  assert.equal(await drawsChinese(phone.page), true)
})

test('a phone without signal reaches nothing, and with signal the same address again', async (t) => {
  const signal = await Signal.open(t, await page(t))
  const get = () => fetch(signal.url).then((response) => response.status)
  assert.equal(await get(), 200)
  await signal.off()
  await assert.rejects(get())
  const before = signal.url
  await signal.on()
  assert.equal(signal.url, before)
  assert.equal(await get(), 200)
  assert.ok(signal.received > 0 && signal.sent > 0)
})

test('storage outlives the browser', async (t) => {
  const signal = await Signal.open(t, await page(t))
  const phone = await Phone.open(t)
  await phone.page.goto(signal.url)
  await phone.page.evaluate(() => localStorage.setItem('name', '王芳'))
  const again = await phone.restart()
  await again.goto(signal.url)
  assert.equal(await again.evaluate(() => localStorage.getItem('name')), '王芳')
})
