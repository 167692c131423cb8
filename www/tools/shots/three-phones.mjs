// The picture of the READMEs: the page of the three phones after two people wrote different numbers without signal.
import { statSync } from 'node:fs'
import { join, openContext, startBrowser } from './phone.mjs'
import { Village } from './village.mjs'

const WIDTH = 1480
const HEIGHT = 760
const BYTES_MAX = 300_000

/** Draws it into `file`. */
export async function threePhones(out, file) {
  const browser = await startBrowser()
  const village = await Village.start(out)
  try {
    const context = await openContext(browser, { viewport: { width: WIDTH, height: HEIGHT } })
    const page = await context.newPage()
    await page.goto(village.address)
    await page.locator('.phone iframe').nth(2).waitFor()
    const frames = () => page.locator('.phone iframe')
    for (let phone = 0; phone < 3; phone += 1) {
      const frame = await (await frames().nth(phone).elementHandle()).contentFrame()
      await join(frame)
    }
    await page.screenshot({ path: file })
    console.log(`${Math.round(statSync(file).size / 1000)} kB (at most ${BYTES_MAX / 1000}): ${file}`)
  } finally {
    await browser.close()
    await village.stop()
  }
}
