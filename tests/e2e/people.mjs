// What people do on their phones, by the screens of the app.
import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const DIST = fileURLToPath(new URL('../../www/dist/assets', import.meta.url))

export const start = (page) => page.getByRole('button', { name: /开始入户|接着填入户/ })
export const save = (page) => page.getByRole('button', { name: '保存', exact: true })
export const home = (page, words) => page.locator('.home-choice label', { hasText: words })
export const chip = (page, words) => page.locator('.detail-pane label.chip', { hasText: words })

/** Starts the app at an address, as from the home screen, and waits for what is to be seen there. */
export async function go(phone, path, ready) {
  await phone.page.bringToFront()
  await phone.page.goto(phone.signal.url + path)
  await phone.page.locator(ready).first().waitFor()
}

/** On the page of a household: saves a visit with what was said, and comes back to it. */
export async function visit({ page }, words, more = async () => undefined) {
  await start(page).click()
  await home(page, '有人').click()
  await page.getByLabel('原话').fill(words)
  await more(page)
  await save(page).click()
  await page.locator('.visit-item', { hasText: words }).waitFor()
}

/** Within the form of a visit: writes a problem down. */
export async function problem(page, category, words) {
  await page.getByRole('button', { name: '记一个问题' }).click()
  await page.locator('.finding-draft .chip', { hasText: category }).click()
  await page.locator('.finding-draft textarea').fill(words)
}

/** Writes one field of the household, or of one of its records, in the editor. */
export async function write(phone, path, field, value, record = 'own') {
  await go(phone, `${path}/edit/${record}?field=${field}`, `[data-field="${field}"] input`)
  await phone.page.locator(`[data-field="${field}"] input`).first().fill(value)
  await save(phone.page).click()
  await phone.page.locator('.house-card').waitFor()
}

/** Registers a family, and gives the path of its page. */
export async function register(phone, head, group, idNumber = '') {
  const { page } = phone
  await go(phone, '/households/new', '.detail-pane select')
  await page.getByLabel('户主姓名').fill(head)
  await page.getByLabel('哪个组').selectOption(group)
  await page.getByLabel('户主身份证号').fill(idNumber)
  await page.getByRole('button', { name: '登记', exact: true }).click()
  await page.locator('.house-card').waitFor()
  return new URL(page.url()).pathname
}

/** 我的 → 立即同步, until the phone says that everything is uploaded. */
export async function synchronise(phone) {
  await go(phone, '/mine', '.safe')
  const button = phone.page.getByRole('button', { name: '立即同步' })
  await button.and(phone.page.locator(':enabled')).click()
  await phone.page.getByText('同步好了').waitFor()
  await phone.page.getByText('全部已上传').first().waitFor()
}

/** The 核对码 that a phone shows. */
export async function checkCode(phone) {
  await go(phone, '/mine', '.check-code')
  return phone.page.locator('.check-code').innerText()
}

/** The rows that the endpoint exports. */
export async function exported(endpoint, code, what) {
  const file = join(endpoint.data, `${what}.json`)
  await endpoint.must('export', '--village', code, '--what', what, '--format', 'json', '--out', file)
  return JSON.parse(readFileSync(file, 'utf8'))
}

/**
 * Asks the core of a phone without its screens: for what was before a story begins. `work` is given `ask(request)`, which
 * fails when the core refuses.
 */
export async function prepare({ page, signal }, work) {
  const script = readdirSync(DIST).find((name) => /^worker-.*\.js$/.test(name))
  // Below /demo nothing is answered by the service worker, which would start the app.
  const blank = `${signal.url}/demo/blank`
  await page.route(blank, (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>x</title>' }))
  await page.goto(blank)
  await page.evaluate((script) => {
    const worker = new Worker(`/assets/${script}`, { type: 'module' })
    const waiting = new Map()
    worker.addEventListener('message', ({ data }) => 'id' in data && waiting.get(data.id)(data.reply))
    let id = 0
    globalThis.ask = (request) =>
      new Promise((resolve) => {
        waiting.set((id += 1), resolve)
        worker.postMessage({ id, request })
      })
  }, script)
  const ask = async (request) => {
    const reply = await page.evaluate((request) => globalThis.ask(request), request)
    assert.notEqual(reply.type, 'failed', JSON.stringify(reply))
    return reply
  }
  await work(ask)
  await page.unroute(blank)
}

/** Joins by the core alone, and loads the village. */
export async function joinQuietly(ask, token) {
  await ask({ type: 'start', take_over: false })
  await ask({ type: 'join', token, device_label: 'Linux' })
  while ((await ask({ type: 'load' })).loading !== null);
  // The list of the team comes with the first exchange after the load.
  await ask({ type: 'sync_now' })
  await ask({ type: 'start', take_over: false })
}
