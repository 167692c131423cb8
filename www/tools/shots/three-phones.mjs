// The picture of the READMEs: the page of the three phones after two people wrote different numbers without signal.
import { statSync } from 'node:fs'
import { editField, join, openContext, saveVisit, settled, startBrowser, sync } from './phone.mjs'
import { Village } from './village.mjs'

const WIDTH = 1520
const HEIGHT = 800
const BYTES_MAX = 300_000
const NUMBERS = ['15412340001', '15412340002']
const WORDS = ['水够吃，儿子在县城打工，过年回来。', '今年的柑橘价钱比去年好。']

/** Draws it into `file`. */
export async function threePhones(out, file) {
  const browser = await startBrowser()
  const village = await Village.start(out)
  try {
    const context = await openContext(browser, { viewport: { width: WIDTH, height: HEIGHT }, hasTouch: false })
    const page = await context.newPage()
    const frames = await openPhones(page, village)
    const { phones, show } = await village.state()
    const origins = phones.map((phone) => phone.origin)
    for (const phone of [0, 1]) await village.signal(phone, false)
    for (const phone of [0, 1]) {
      await editField(frames[phone], origins[phone], show.id, 'phone', NUMBERS[phone])
      await saveVisit(frames[phone], origins[phone], show.id, WORDS[phone])
    }
    for (const phone of [0, 1]) await village.signal(phone, true)
    for (const phone of [0, 1, 0, 2]) await sync(frames[phone], origins[phone])
    for (const phone of [0, 2]) {
      await frames[phone].goto(`${origins[phone]}/h/${show.id}`)
      await frames[phone].locator('.differs-card').waitFor()
    }
    await frames[1].locator('.check-code').scrollIntoViewIfNeeded()
    for (const frame of frames) await frame.locator('.toast').waitFor({ state: 'detached' })
    await settled(frames[0])
    await page.screenshot({ path: file })
    const bytes = statSync(file).size
    console.log(`${Math.round(bytes / 1000)} kB: ${file}`)
    if (bytes > BYTES_MAX) throw new Error(`the picture is larger than ${BYTES_MAX / 1000} kB`)
  } finally {
    await browser.close()
    await village.stop()
  }
}

/** Opens the page and joins on every phone, as its first step says. */
async function openPhones(page, village) {
  await page.goto(village.address)
  const phones = page.locator('.phone iframe')
  await phones.nth(2).waitFor()
  const frames = []
  for (const phone of await phones.elementHandles()) {
    const frame = await phone.contentFrame()
    await join(frame)
    frames.push(frame)
  }
  return frames
}
