// Troubles that a phone meets in a village: each is said in words, nothing else stops, and nothing saved is lost.
import assert from 'node:assert/strict'
import http from 'node:http'
import { join } from 'node:path'
import { test } from 'node:test'
import { atEnd, folder } from './harness.mjs'
import { checkCode, exported, go, home, save, start, synchronise, visit } from './people.mjs'
import { CODE, joined, village, visitHousehold } from './village.mjs'

const sync = (page) => page.getByRole('button', { name: '立即同步' })
const words = async (endpoint) => (await exported(endpoint, CODE, 'visits')).map((row) => row.words).sort()

/** Another server on the address of a phone's signal: the login page of a Wi-Fi, which answers everything with 200. */
async function portal(t) {
  const server = http.createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' })
    response.end('<!doctype html><title>登录</title><p>请登录 Wi-Fi')
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  atEnd(t, () => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  return server.address()
}

test('a visit saved without signal is there after the phone killed the browser, and goes up later', async (t) => {
  const endpoint = await village(t)
  const phone = await joined(t, endpoint, '王芳')
  const path = await visitHousehold(phone.page, phone.signal, '罗大山')
  await phone.signal.off()
  await visit(phone, '没信号时记的')
  phone.page = await phone.phone.killAndRestart()
  await go(phone, path, '.visit-item')
  await phone.page.locator('.visit-item', { hasText: '没信号时记的' }).waitFor()
  assert.deepEqual(await words(endpoint), [])
  await phone.signal.on()
  await synchronise(phone)
  assert.deepEqual(await words(endpoint), ['没信号时记的'])
})

test('a Wi-Fi that wants a login is not taken for the server', async (t) => {
  const endpoint = await village(t)
  const phone = await joined(t, endpoint, '王芳')
  await visitHousehold(phone.page, phone.signal, '罗大山')
  await phone.signal.off()
  await visit(phone, '连着宾馆的网')
  const real = phone.signal.endpoint
  phone.signal.endpoint = await portal(t)
  await phone.signal.on()
  await go(phone, '/mine', '.safe')
  await sync(phone.page).click()
  await phone.page.getByText('可能是要登录的 Wi-Fi').first().waitFor()
  await phone.page.getByText(/还有 \d+ 条只在本机/).first().waitFor()
  await phone.signal.off()
  phone.signal.endpoint = real
  await phone.signal.on()
  await synchronise(phone)
  assert.deepEqual(await words(endpoint), ['连着宾馆的网'])
})

test('a phone that was switched off by the desk says so, and keeps what it has not sent', async (t) => {
  const endpoint = await village(t)
  const phone = await joined(t, endpoint, '王芳')
  const path = await visitHousehold(phone.page, phone.signal, '罗大山')
  const [id] = /[0-9A-HJKMNP-TV-Z]{26}/.exec(await endpoint.must('device', 'list'))
  await phone.signal.off()
  await visit(phone, '停用前记的')
  await endpoint.must('device', 'revoke', id)
  await phone.signal.on()
  await go(phone, '/mine', '.safe')
  await phone.page.getByText('这台手机已被停用').first().waitFor()
  await phone.page.getByText(/还有 \d+ 条只在本机/).first().waitFor()
  assert.deepEqual(await words(endpoint), [], 'nothing of it is taken')
  await go(phone, path, '.visit-item')
  await phone.page.locator('.visit-item', { hasText: '停用前记的' }).waitFor()
})

/** Set in the core's worker before it starts. */
const yearsBehind = `
  const Right = Date
  const now = () => Right.now() - 6 * 365 * 86400e3
  globalThis.Date = class extends Right {
    constructor(...given) {
      super(...(given.length === 0 ? [now()] : given))
    }
    static now() {
      return now()
    }
  };`

test('a phone whose clock is years off says so, and its work arrives', async (t) => {
  const endpoint = await village(t)
  const phone = await joined(t, endpoint, '王芳', { whole: false, serviceWorkers: 'block' })
  const path = await visitHousehold(phone.page, phone.signal, '罗大山')
  await phone.page.route('**/assets/worker-*.js', async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, body: `${yearsBehind}\n${await response.text()}` })
  })
  await go(phone, path, '.house-card')
  await visit(phone, '手机日期不对')
  await synchronise(phone)
  await go(phone, '/today', '.meters')
  await phone.page.getByText(/日期差了\d+天/).first().waitFor()
  assert.deepEqual(await words(endpoint), ['手机日期不对'])
})

test('a server restored from an older backup gets everything again from the phones', async (t) => {
  const endpoint = await village(t)
  const one = await joined(t, endpoint, '王芳')
  const two = await joined(t, endpoint, '李建国', { role: 'member' })
  const path = await visitHousehold(one.page, one.signal, '罗大山')
  await visit(one, '备份以前')
  await synchronise(one)
  const backup = join(folder(t), 'backup')
  await endpoint.must('backup', '--out', backup)
  await go(one, path, '.house-card')
  await visit(one, '备份以后')
  await synchronise(one)
  await synchronise(two)
  await endpoint.must('restore', backup, '--exactly')
  assert.deepEqual(await words(endpoint), ['备份以前'])
  await visitHousehold(two.page, two.signal, '罗大山')
  await visit(two, '恢复以后')
  for (const phone of [two, one, two]) await synchronise(phone)
  assert.deepEqual(await words(endpoint), ['备份以前', '备份以后', '恢复以后'].sort())
  assert.equal(await checkCode(one), await checkCode(two))
})

test('a server killed in the middle of an exchange loses nothing that it confirmed', async (t) => {
  const endpoint = await village(t)
  const phone = await joined(t, endpoint, '王芳')
  const path = await visitHousehold(phone.page, phone.signal, '罗大山')
  const said = []
  for (let round = 1; round <= 3; round += 1) {
    await go(phone, path, '.house-card')
    said.push(`第${round}次`)
    const asked = phone.signal.sends('/v1/sync/')
    await visit(phone, said.at(-1))
    await asked
    await endpoint.kill()
    await endpoint.start()
  }
  await synchronise(phone)
  assert.deepEqual(await words(endpoint), said.sort())
})

/** The browser of a phone started again, with room for `room` bytes more than are used; negative = too full. */
async function startFull(phone, room) {
  const used = await phone.page.evaluate(async () => (await navigator.storage.estimate()).usage)
  // A browser counts free space generously for half a minute; started again, it looks at once.
  const page = (phone.page = await phone.phone.restart())
  const devtools = await phone.phone.context.newCDPSession(page)
  const origin = phone.signal.url
  await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: used + room })
  return () => devtools.send('Storage.overrideQuotaForOrigin', { origin })
}

test('a phone that is full shows everything, calls nothing saved, and saves again when there is room', async (t) => {
  const endpoint = await village(t)
  const phone = await joined(t, endpoint, '王芳')
  const path = await visitHousehold(phone.page, phone.signal, '罗大山')
  await visit(phone, '存得下的时候')
  const makeRoom = await startFull(phone, -1)
  await go(phone, path, '.house-card')
  const { page } = phone
  await page.locator('.visit-item', { hasText: '存得下的时候' }).waitFor()
  await start(page).click()
  await home(page, '家里没人').click()
  await save(page).click()
  await page.getByText('手机存储满了，刚才的内容没有存下').waitFor()
  assert.equal(await page.getByText('已存好').count(), 0)
  await makeRoom()
  await save(page).click()
  await page.locator('.visit-item', { hasText: '家里没人' }).waitFor()
  await synchronise(phone)
  assert.equal((await exported(endpoint, CODE, 'visits')).length, 2)
})
