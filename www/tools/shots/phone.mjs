// A page of the app in the browser, and what a person does in it: joins, edits a field, saves a visit.
import { FLAGS, chromium, executablePath } from '../../../tests/chromium.mjs'

/** A name that is not localhost: its pages have no secure context, as on a plain address of a village's network. */
export const PLAIN = 'plain.test'
const WAIT_MS = 20_000

export function startBrowser() {
  // What the browser itself draws, such as dates in their fields, is in the language of most people.
  const env = { ...process.env, LANGUAGE: 'zh_CN', LANG: 'zh_CN.UTF-8' }
  const args = [...FLAGS, '--lang=zh-CN', `--host-resolver-rules=MAP ${PLAIN} 127.0.0.1`]
  return chromium.launch({ executablePath, args, env })
}

/** A browser profile of its own, with Chinese dates and without motion. */
export async function openContext(browser, options = {}) {
  const context = await browser.newContext({
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    hasTouch: true,
    reducedMotion: 'reduce',
    viewport: { width: 360, height: 740 },
    ...options,
  })
  context.setDefaultTimeout(WAIT_MS)
  return context
}

/** Waits until nothing is being fetched or drawn any more. */
export async function settled(page) {
  await page.waitForFunction(() => {
    const waiting = [...document.querySelectorAll('.waiting')].some((one) => one.getClientRects().length > 0)
    return document.querySelector('#app .page') !== null && !waiting
  })
  await page.evaluate(async () => {
    await document.fonts.ready
    for (let frame = 0; frame < 3; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve))
  })
}

/** Taps the one main button at the bottom. */
export function tapMain(place) {
  return place.locator('.detail-pane .page-action .van-button--primary, .join .page-action .van-button--primary').last().click()
}

/** Joins as the person of the phone and waits until the whole village is there. `place` is a page or a frame. */
export async function join(place, households = true) {
  await place.locator('.join .page-action .van-button--primary').click()
  await place.locator(households ? '.meters' : '.tabs').waitFor()
  await place.locator('.load-progress').waitFor({ state: 'detached' })
  // From here on the app starts without signal too.
  await place.evaluate(async () => void (await navigator.serviceWorker.ready))
}

/** Opens an address of the app without loading it anew. */
export async function visit(place, path) {
  await place.evaluate((to) => {
    history.pushState({}, '', to)
    dispatchEvent(new PopStateEvent('popstate', { state: {} }))
  }, path)
}

/** Edits one field of a household and saves. */
export async function editField(page, origin, household, field, value) {
  await page.goto(`${origin}/h/${household}/edit/own?field=${field}`)
  await page.locator(`[data-field="${field}"] input`).first().fill(value)
  await tapMain(page)
  await page.locator('.toast').waitFor()
}

/** Saves a visit at which somebody was at home, with words of the family. */
export async function saveVisit(page, origin, household, words) {
  await page.goto(`${origin}/h/${household}/visit`)
  await page.locator('.home-choice input').first().check()
  await page.locator('textarea').first().fill(words)
  await tapMain(page)
  await page.locator('.toast').waitFor()
}

/** Hands everything to the endpoint and takes what others handed. */
export async function sync(page, origin) {
  await page.goto(`${origin}/mine`)
  await page.locator('.list-pane .page-action .van-button--primary:not([disabled])').click()
  await page.locator('.toast').waitFor()
}
