// The built app in a headless Chromium, as a phone uses it: join, load, then start again without a network.
// `node browser.mjs URL TOKEN BROWSER`; prints one JSON line. Reads a line of standard input before it goes on offline:
// whoever runs this closes the endpoint's port first.
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const require = createRequire(new URL('../www/package.json', import.meta.url))
const { chromium } = require('playwright-core')

const [url, token, executablePath] = process.argv.slice(2)
const TURNS = 5
const WAIT_MS = 300_000
const ARGS = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
  '--enable-precise-memory-info',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
]
const ROW = '.house-row'

const profile = mkdtempSync(join(tmpdir(), 'bianfang-bench-'))
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const median = (values) => values.sort((one, other) => one - other)[Math.floor(values.length / 2)]

function launch() {
  return chromium.launchPersistentContext(profile, {
    executablePath,
    args: ARGS,
    viewport: { width: 360, height: 740 },
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    hasTouch: true,
  })
}

/** Joins, loads everything, and waits until the service worker has taken every file. */
async function join_() {
  const context = await launch()
  const page = context.pages()[0]
  page.setDefaultTimeout(WAIT_MS)
  await page.goto(`${url}/join#${token}`)
  const begin = Date.now()
  await page.getByRole('button', { name: '，加入' }).click()
  await page.waitForURL((at) => !at.pathname.startsWith('/join'))
  await page.goto(`${url}/households`)
  await page.waitForSelector(ROW)
  const usable = Date.now() - begin
  await page.waitForFunction(() => document.querySelector('.load-progress') === null)
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true))
  await context.close()
  return usable
}

/** A browser that was just started opens the list; milliseconds from navigation to rows that can be tapped. */
async function start(slower) {
  const context = await launch()
  const page = context.pages()[0]
  page.setDefaultTimeout(WAIT_MS)
  const devtools = await context.newCDPSession(page)
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: slower })
  await page.goto(`${url}/households`, { waitUntil: 'commit' })
  await page.waitForSelector(ROW)
  // From the page's own clock: neither the browser's start nor the way to this program counts.
  const ms = await page.evaluate(
    () =>
      new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now())))),
  )
  const households = await page.locator(ROW).count()
  return { context, page, devtools, ms, households }
}

/** Bytes of the tab with its workers, as the operating system counts what is its own. */
async function memory(page, devtools) {
  await devtools.send('HeapProfiler.enable')
  await devtools.send('HeapProfiler.collectGarbage')
  const isolated = await page.evaluate(() => self.crossOriginIsolated && 'measureUserAgentSpecificMemory' in performance)
  if (isolated) return page.evaluate(() => performance.measureUserAgentSpecificMemory().then((all) => all.bytes))
  const browser = await page.context().browser()?.newBrowserCDPSession()
  const info = await (browser ?? devtools).send('SystemInfo.getProcessInfo').catch(() => null)
  const renderer = info?.processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id) ?? []
  return { renderer }
}

try {
  const loaded = await join_()
  console.log('loaded')
  await lines.next()
  const figures = { loaded_ms: loaded }
  for (const slower of [1, 6]) {
    const times = []
    for (let turn = 0; turn < TURNS; turn += 1) {
      const { context, page, devtools, ms, households } = await start(slower)
      times.push(ms)
      figures.households = households
      if (slower === 1 && turn === 0) figures.memory = await memory(page, devtools)
      await context.close()
    }
    figures[`start_${slower}x_ms`] = median(times)
  }
  console.log(JSON.stringify(figures))
} finally {
  rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
}
