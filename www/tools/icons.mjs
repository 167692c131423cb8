// Draws the PNG icons from public/icon.svg with the installed Chromium: `npm run icons`. The results are committed.
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath, URL } from 'node:url'
import { chromium } from 'playwright-core'

const PUBLIC = new URL('../public/', import.meta.url)
/** `scale`: the sign's share of the square. Masks cut up to a tenth of each side; Apple rounds the corners itself. */
const ICONS = [
  { file: 'icon-192.png', pixels: 192, scale: 1, square: false },
  { file: 'icon-512.png', pixels: 512, scale: 1, square: false },
  { file: 'icon-maskable-512.png', pixels: 512, scale: 0.82, square: true },
  { file: 'apple-touch-icon.png', pixels: 180, scale: 0.96, square: true },
]

const svg = await readFile(new URL('icon.svg', PUBLIC), 'utf8')
const ground = /rx="\d+" fill="(#[0-9a-f]{6})"/.exec(svg)?.[1]
if (!ground) throw new Error('icon.svg has no rounded ground of one colour')

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking'],
})
for (const { file, pixels, scale, square } of ICONS) {
  const page = await browser.newPage({ viewport: { width: pixels, height: pixels } })
  const side = Math.round(pixels * scale)
  await page.setContent(
    `<body style="margin:0;display:grid;place-items:center;height:100vh;background:${square ? ground : 'transparent'}">
    <div style="width:${side}px;height:${side}px">${svg}</div></body>`,
  )
  const png = await page.screenshot({ omitBackground: true })
  await writeFile(new URL(file, PUBLIC), png)
  await page.close()
}
await browser.close()
console.log(`${ICONS.length} icons in ${fileURLToPath(PUBLIC)}`)
