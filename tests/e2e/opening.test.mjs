// A record over which the app dies: its page tells the next one, after three deaths in a row the record is set aside
// alone, and 我的 has the ways out: 再试, 导出, whom to ask.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from './harness.mjs'
import { go } from './people.mjs'
import { joined, village } from './village.mjs'

const DEATHS = 3

/** From now on the worker of the page never comes back from reading a document; tells when it is there. */
async function stickAtReading(page) {
  const [worker] = page.workers()
  await worker.evaluate(() => {
    const read = IDBObjectStore.prototype.getAll
    IDBObjectStore.prototype.getAll = function getAll(...range) {
      if (this.name !== 'chunk') return read.apply(this, range)
      globalThis.isStuck = true
      return new EventTarget()
    }
  })
  return () => worker.evaluate(() => globalThis.isStuck === true)
}

/** The page crashes while the household of `head` is being opened and somebody looks at it. */
async function dieOver(phone, head) {
  await go(phone, '/households', '.house-row')
  const isStuck = await stickAtReading(phone.page)
  await phone.page.locator('.house-row', { hasText: head }).click()
  await until('reading the document', isStuck)
  const crashed = phone.page
  const gone = new Promise((resolve) => crashed.once('crash', resolve))
  const devtools = await phone.phone.context.newCDPSession(crashed)
  void devtools.send('Page.crash').catch(() => {})
  await gone
  phone.page = phone.phone.page = await phone.phone.context.newPage()
  await crashed.close()
}

test('a record that crashes the page three times is set aside with ways out, and its neighbours open', async (t) => {
  const endpoint = await village(t)
  const desk = await joined(t, endpoint, '陈建华', { role: 'desk' })
  await desk.phone.close()
  const phone = await joined(t, endpoint, '王芳')
  // Without signal nothing else is read meanwhile: what was stored is looked over after each exchange.
  await phone.signal.off()
  for (let death = 1; death <= DEATHS; death += 1) await dieOver(phone, '罗大山')
  await go(phone, '/households', '.house-row')
  await phone.page.locator('.house-row', { hasText: '罗大山' }).click()
  await phone.page.getByText('到“我的”里再试').waitFor()
  await go(phone, '/households', '.house-row')
  await phone.page.locator('.house-row', { hasText: '覃秀英' }).click()
  await phone.page.locator('.house-card').waitFor()
  await go(phone, '/mine', '.aside-ways')
  const { page } = phone
  const aside = page.locator('.visitor', { hasText: '罗大山' })
  await aside.getByText('doc_open_died').waitFor()
  await page.getByText('请问县办 陈建华').waitFor()
  await aside.getByRole('button', { name: /导出/ }).click()
  await aside.getByText('没有要备份的').waitFor()
  await aside.getByRole('button', { name: /再试/ }).click()
  await page.getByText('打开了').waitFor()
  await go(phone, '/households', '.house-row')
  await phone.page.locator('.house-row', { hasText: '罗大山' }).click()
  await phone.page.locator('.house-card').waitFor()
  assert.equal(await phone.page.locator('.problem').count(), 0)
})
