// The built app in a headless Chromium, as a phone uses it: join, load, save, merge, start again without a network.
// `node browser.mjs URL JOIN_URL`. Says `changed?` and `offline?` and waits for a line: whoever runs this then lets
// a teammate change households, or closes the endpoint's port. The last line is JSON.
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { chromium, executablePath, FLAGS, keepStorage } from '../tests/chromium.mjs'

const [url, invitation] = process.argv.slice(2)
const TURNS = 5
const SAVES = 15
const WAIT_MS = 120_000
const ROW = '.house-row'

const profile = mkdtempSync(join(tmpdir(), 'bianfang-bench-'))
keepStorage(profile)
const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const middle = (values) => values.sort((one, other) => one - other)[Math.floor(values.length / 2)]

/** Lets whoever runs this do something. */
async function want(what) {
  console.log(`${what}?`)
  await answers.next()
}

/** A browser that was just started, on the storage of before. */
async function launch() {
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    args: FLAGS,
    viewport: { width: 360, height: 740 },
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    hasTouch: true,
  })
  const page = context.pages()[0]
  page.setDefaultTimeout(WAIT_MS)
  return { context, page }
}

/** Joins, loads everything, waits until the service worker has every file; milliseconds to a list and to the end. */
async function enter() {
  const { context, page } = await launch()
  await page.goto(invitation)
  const begin = Date.now()
  await page.getByRole('button', { name: '，加入' }).click()
  await page.waitForURL('**/today')
  await page.getByText('农户', { exact: true }).click()
  await page.waitForSelector(ROW)
  const list = Date.now() - begin
  await page.waitForFunction(() => document.querySelector('.load-progress') === null)
  const all = Date.now() - begin
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true))
  await context.close()
  return { joined_list_ms: list, joined_all_ms: all }
}

/** The core's worker on a page that shows nothing: what the data cost without drawing. */
async function core(run) {
  const { context, page } = await launch()
  // The service worker would answer with the app, which takes the records for itself.
  const network = await context.newCDPSession(page)
  await network.send('Network.enable')
  await network.send('Network.setBypassServiceWorker', { bypass: true })
  await page.goto(`${url}/icon.svg`)
  const files = readdirSync(new URL('../www/dist/assets', import.meta.url))
  const script = files.find((name) => /^worker-.*\.js$/.test(name))
  await page.evaluate((path) => {
    const worker = new Worker(path, { type: 'module' })
    const waiting = new Map()
    let asked = 0
    worker.onmessage = ({ data }) => {
      if (data.fatal) for (const { reject } of waiting.values()) reject(new Error(data.fatal))
      if (data.id === undefined) return
      const { resolve, reject } = waiting.get(data.id)
      if (data.reply.type === 'failed') reject(new Error(data.reply.problem.code))
      else resolve(data.reply)
    }
    /** The answer, and the milliseconds it took. */
    globalThis.ask = async (request) => {
      const begin = performance.now()
      const id = (asked += 1)
      const reply = await new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject })
        worker.postMessage({ id, request })
      })
      return { reply, ms: performance.now() - begin }
    }
  }, `/assets/${script}`)
  const figures = await run(page)
  await context.close()
  return figures
}

const LIST = { type: 'households', query: '', chip: 'all', group: '', offset: 0, limit: 40 }

/** Opening the records, saving visits durably one after the other, and merging what a teammate changed. */
async function work(page) {
  await page.evaluate(() => globalThis.ask({ type: 'start', take_over: false }))
  const first = await page.evaluate((list) => globalThis.ask(list), LIST)
  const saves = await page.evaluate(
    async ({ rows, count }) => {
      const times = []
      for (const { id } of rows.slice(0, count)) {
        const { reply } = await globalThis.ask({ type: 'visit_form', household: id, visit: '' })
        const words = '灶房墙上有条裂缝，老人的药快吃完了，下次带村医一起来看看。'
        const draft = { ...reply.form.draft, home: 'at_home', words, judgement: '情况稳定' }
        draft.checks = draft.checks.map((check) => ({ ...check, verdict: 'met', basis: 'checked' }))
        times.push((await globalThis.ask({ type: 'save_visit', draft, finish: true, problems: [] })).ms)
      }
      return times
    },
    { rows: first.reply.view.rows, count: SAVES },
  )
  // What was saved here is out of the way before the merge is timed.
  await page.evaluate(() => globalThis.ask({ type: 'sync_now' }))
  await want('changed')
  const merged = await page.evaluate(() => globalThis.ask({ type: 'sync_now' }))
  return { save_ms: middle(saves), save_worst_ms: Math.max(...saves), merge_ms: merged.ms, merged: merged.reply.view }
}

/** Opening the records and drawing up the list, without the code's own loading. */
async function data(page) {
  await page.evaluate(() => globalThis.ask({ type: 'error_log' }).catch(() => undefined))
  const { ms } = await page.evaluate(() => globalThis.ask({ type: 'start', take_over: false }))
  const list = await page.evaluate((list) => globalThis.ask(list), LIST)
  return { start_data_ms: ms, list_ms: list.ms, households: list.reply.view.total }
}

/** Slows the page's thread, and its workers where the browser can. */
async function slow(context, page, rate) {
  const link = await context.newCDPSession(page)
  await link.send('Emulation.setCPUThrottlingRate', { rate })
  let workers = false
  link.on('Target.receivedMessageFromTarget', ({ message }) => {
    workers ||= JSON.parse(message).error === undefined
  })
  link.on('Target.attachedToTarget', ({ sessionId }) => {
    const message = JSON.stringify({ id: 1, method: 'Emulation.setCPUThrottlingRate', params: { rate } })
    void link.send('Target.sendMessageToTarget', { sessionId, message }).catch(() => undefined)
  })
  await link.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false })
  return { link, workers: () => workers }
}

/** From navigation to rows that can be tapped, by the page's own clock: the browser's start does not count. */
async function start(rate) {
  const { context, page } = await launch()
  const { link, workers } = await slow(context, page, rate)
  await page.addInitScript((row) => {
    new MutationObserver((_, observer) => {
      if (!document.querySelector(row)) return
      observer.disconnect()
      requestAnimationFrame(() => setTimeout(() => (globalThis.usable = performance.now())))
    }).observe(document, { childList: true, subtree: true })
  }, ROW)
  await page.goto(`${url}/households`, { waitUntil: 'commit' })
  const ms = await page.waitForFunction(() => globalThis.usable).then((value) => value.jsonValue())
  await link.send('HeapProfiler.collectGarbage')
  const bytes = memory()
  const figures = { ms, bytes, workers: workers() }
  await context.close()
  return figures
}

/** What the largest page process of this browser holds, shared parts by share; null where the system does not say. */
function memory() {
  const read = (path) => {
    try {
      return readFileSync(path, 'utf8')
    } catch {
      return ''
    }
  }
  let ids = []
  try {
    ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  } catch {
    return null
  }
  const parent = new Map(ids.map((id) => [id, /\) \S (\d+)/.exec(read(`/proc/${id}/stat`))?.[1]]))
  const words = new Map(ids.map((id) => [id, read(`/proc/${id}/cmdline`)]))
  const mine = (id) => id !== undefined && (words.get(id)?.includes(profile) || mine(parent.get(id)))
  const pages = ids.filter((id) => words.get(id).includes('--type=renderer') && mine(id))
  const kilobytes = pages.map((id) => Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${id}/smaps_rollup`))?.[1] ?? 0))
  return kilobytes.length > 0 ? Math.max(...kilobytes) * 1024 : null
}

try {
  const figures = await enter()
  Object.assign(figures, await core(work))
  const opened = []
  for (let turn = 0; turn < TURNS; turn += 1) opened.push(await core(data))
  figures.households = opened[0].households
  figures.start_data_ms = middle(opened.map(({ start_data_ms }) => start_data_ms))
  figures.list_ms = middle(opened.map(({ list_ms }) => list_ms))
  await want('offline')
  for (const rate of [1, 6]) {
    const starts = []
    for (let turn = 0; turn < TURNS; turn += 1) starts.push(await start(rate))
    figures[`start_${rate}_ms`] = middle(starts.map(({ ms }) => ms))
    figures.workers_slowed = starts.every(({ workers }) => workers)
    if (rate === 1) figures.memory_bytes = middle(starts.map(({ bytes }) => bytes))
  }
  console.log(JSON.stringify(figures))
} finally {
  rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
}
// A line is still being waited for.
process.exit(0)
