// New versions of the app: downloaded beside the old one, put in place when a person says so, and the way back.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import { basename, dirname, extname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Phone, Signal, appStored, atEnd, folder, until } from './harness.mjs'
import { home } from './people.mjs'
import { joined, stored, village, visitHousehold } from './village.mjs'

const dist = fileURLToPath(new URL('../../www/dist/', import.meta.url))
const TYPES = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
}
const TEXTS = ['.css', '.html', '.js']
const REVISION = /("revision":")[0-9a-f]+(","url":"index\.html")/
const INTEGRITY = /"integrity":"[^"]+"(,"revision":(?:null|"[^"]*"),"url":"([^"]+)")/g

/** The built app as a further version: every hashed name differs, and its page carries the mark. */
function version(mark, { broken = false } = {}) {
  const files = new Map()
  const names = readdirSync(dist, { recursive: true }).filter((name) => statSync(join(dist, name)).isFile())
  const hashed = names.filter((name) => name.startsWith('assets/') && !name.endsWith('.br')).map((name) => basename(name))
  const renamed = (name) => name.replace(/\.([a-z0-9]+)$/, `-${mark}.$1`)
  for (const name of names.filter((name) => !name.endsWith('.br'))) {
    let bytes = readFileSync(join(dist, name))
    if (TEXTS.includes(extname(name))) {
      let text = bytes.toString()
      for (const one of hashed) text = text.replaceAll(one, renamed(one))
      if (name === 'index.html') text = text.replace('<title>', `<meta name="mark" content="${mark}" /><title>`)
      if (name === 'sw.js') {
        assert.match(text, REVISION, 'the list of files names the page')
        text = text.replace(REVISION, `$1${Buffer.from(mark).toString('hex')}$2`)
      }
      bytes = Buffer.from(text)
    }
    // A core that cannot start, as after a botched release.
    if (broken && basename(name).startsWith('worker-')) bytes = Buffer.from('throw new Error("broken")')
    files.set(`/${hashed.includes(basename(name)) ? name.replace(basename(name), renamed(basename(name))) : name}`, bytes)
  }
  const digest = (url) => createHash('sha256').update(files.get(`/${url}`)).digest('base64')
  const worker = files.get('/sw.js').toString()
  files.set('/sw.js', Buffer.from(worker.replace(INTEGRITY, (_entry, rest, url) => `"integrity":"sha256-${digest(url)}"${rest}`)))
  return files
}

/** Serves one version at a time, through a connection that can be cut. */
async function site(t, first) {
  const served = { files: first }
  const server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost')
    const found = served.files.get(pathname)
    if (!found && extname(pathname) !== '') {
      response.writeHead(404).end()
      return
    }
    const type = TYPES[extname(found ? pathname : 'index.html')] ?? 'application/octet-stream'
    response.writeHead(200, { 'content-type': type, 'cache-control': 'no-cache' })
    response.end(found ?? served.files.get('/index.html'))
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  atEnd(t, () => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  served.signal = await Signal.open(t, server.address())
  return served
}

const mark = (page) => page.locator('meta[name="mark"]').getAttribute('content')
const ready = (page) => page.getByText('请填邀请码').waitFor()
const controlled = (page) => page.waitForFunction(() => navigator.serviceWorker.controller !== null)

async function install(t, first) {
  const served = await site(t, version(first))
  const phone = await Phone.open(t)
  const { page } = phone
  await page.goto(served.signal.url)
  await ready(page)
  await appStored(page)
  await page.reload()
  await controlled(page)
  await ready(page)
  return { served, phone, page }
}

/** A new version appears on the server; the page is opened again and told to take it. */
async function take(page, served, files, opened) {
  served.files = files
  await page.reload()
  await page.getByText('新版本已经下载好').waitFor()
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: '换上' }).click()])
  await opened(page)
}

test('the installed app starts without a network, at every address', async (t) => {
  const { served, page, phone } = await install(t, 'a')
  await served.signal.off()
  await page.goto(`${served.signal.url}/households`)
  await ready(page)
  const again = await phone.restart()
  await again.goto(served.signal.url)
  await ready(again)
  assert.equal(await mark(again), 'a')
})

test('a first download of the app that breaks off is told, and taken up again with the next signal', async (t) => {
  // A screen that nobody opens in this story: only the service worker asks for it.
  const { phone, page, signal } = await joined(t, await village(t), '王芳', { whole: false, unreachable: '/assets/Compare-' })
  const gone = async () => (await navigator.serviceWorker.getRegistration()) === undefined
  await until('the download breaks off', () => page.evaluate(gone))
  await page.locator('.tab', { hasText: '我的' }).click()
  const told = page.getByText('应用还没有存完')
  await told.waitFor()
  signal.unreachable = undefined
  await page.getByRole('button', { name: '立即同步' }).and(page.locator(':enabled')).click()
  await appStored(page)
  await told.waitFor({ state: 'detached' })
  await signal.off()
  const again = await phone.restart()
  await again.goto(signal.url)
  await again.locator('.meters').waitFor()
})

test('a new version waits for a person, and then starts without a network too', async (t) => {
  const { served, page } = await install(t, 'a')
  served.files = version('b')
  await page.reload()
  await page.getByText('新版本已经下载好').waitFor()
  assert.equal(await mark(page), 'a', 'nothing is replaced unasked')
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: '换上' }).click()])
  await ready(page)
  assert.equal(await mark(page), 'b')
  const oldIsGone = async () => {
    const keys = await (await caches.open('bianfang-files')).keys()
    return keys.every((key) => !key.url.includes('-a.'))
  }
  await until('the old version goes', () => page.evaluate(oldIsGone))
  await served.signal.off()
  await page.reload()
  await ready(page)
  assert.equal(await mark(page), 'b')
})

/** Runs in the page: looks for a new version, and tells what became of it. */
async function look() {
  const registration = await navigator.serviceWorker.getRegistration()
  const end = new Promise((resolve) => {
    registration.addEventListener('updatefound', () => {
      const fresh = registration.installing
      fresh.addEventListener('statechange', () => fresh.state !== 'installing' && resolve(fresh.state))
    })
  })
  const found = await registration.update().then(() => registration.installing !== null, () => false)
  return found ? end : 'not found'
}

/** The core of a version: the largest of its files. */
const core = (files) => [...files].find(([name]) => name.endsWith('.wasm'))[0]

/** Downloads that must leave the old version whole. */
const BROKEN = {
  'a file that is missing': (files) => files.delete(core(files)),
  'half a core': (files) => files.set(core(files), files.get(core(files)).subarray(0, 100_000)),
  'a login page instead of the core': (files) => files.set(core(files), Buffer.from('<!doctype html><title>登录</title>')),
  'a login page instead of the page': (files) => files.set('/index.html', Buffer.from('<!doctype html><title>登录</title>')),
}

test('a download that breaks off or brings something else leaves the old version whole', async (t) => {
  const { served, page } = await install(t, 'a')
  for (const [number, [what, breaks]] of Object.entries(BROKEN).entries()) {
    // A version of its own: files that arrived whole are kept for the next try.
    const half = version(`b${number}`)
    breaks(half)
    served.files = half
    assert.equal(await page.evaluate(look), 'redundant', what)
    await served.signal.off()
    await page.reload()
    await ready(page)
    assert.equal(await mark(page), 'a', what)
    await served.signal.on()
  }
  await take(page, served, version('b'), ready)
  assert.equal(await mark(page), 'b')
})

test('wherever the signal breaks off between two versions, one of them starts', async (t) => {
  const { served, page } = await install(t, 'a')
  served.files = version('b')
  for (const bytes of [1, 20_000, 500_000, 5_000_000]) {
    const cut = served.signal.breaksAfter(bytes)
    const looked = page.evaluate(look)
    await cut
    assert.notEqual(await looked, 'installed', `cut after ${bytes} bytes`)
    await page.reload()
    await ready(page)
    assert.equal(await mark(page), 'a', `cut after ${bytes} bytes`)
    await served.signal.on()
  }
  // Downloaded, the signal goes: the new version is put in place without it, and there is a way back as well.
  assert.equal(await page.evaluate(look), 'installed')
  await served.signal.off()
  await page.getByText('新版本已经下载好').waitFor()
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: '换上' }).click()])
  await ready(page)
  assert.equal(await mark(page), 'b')
  await page.reload()
  await ready(page)
  await served.signal.on()
  await take(page, served, version('a'), ready)
  assert.equal(await mark(page), 'a', 'a desk that goes back to the release before is followed')
})

test('a version that cannot open the records is left for the one before, until a newer one comes', async (t) => {
  const { served, page } = await install(t, 'a')
  await take(page, served, version('b', { broken: true }), () => page.getByText('记录没能打开').waitFor())
  await page.getByRole('button', { name: '用回上一版' }).click()
  await ready(page)
  assert.equal(await mark(page), 'a')
  await served.signal.off()
  await page.reload()
  await ready(page)
  assert.equal(await mark(page), 'a')
  await served.signal.on()
  await take(page, served, version('c'), ready)
  assert.equal(await mark(page), 'c')
})

test('a new version waits while a form is open, and what is half filled is there in the new one', async (t) => {
  const endpoint = await village(t)
  const { page, signal } = await joined(t, endpoint, '王芳')
  const path = await visitHousehold(page, signal, '白小怡')
  await page.goto(`${signal.url}${path}/visit`)
  await controlled(page)
  await home(page, '有人').click()
  await page.getByLabel('原话').fill('水窖裂了缝')

  // The desk puts a newer release in place of the old one.
  const newer = folder(t)
  for (const [name, bytes] of version('b')) {
    mkdirSync(join(newer, dirname(name)), { recursive: true })
    writeFileSync(join(newer, name), bytes)
  }
  await endpoint.stop()
  endpoint.args.splice(endpoint.args.indexOf('--app') + 1, 1, newer)
  await endpoint.start()
  const downloaded = async () => {
    const registration = await navigator.serviceWorker.getRegistration()
    await registration.update()
    return registration.waiting !== null
  }
  await until('the new version is downloaded', () => page.evaluate(downloaded))
  await page.getByLabel('原话').fill('水窖裂了缝，要修')
  assert.equal(await page.getByRole('button', { name: '换上' }).count(), 0, 'nobody is asked within a form')
  await stored(page, '水窖裂了缝，要修')

  await page.getByRole('button', { name: '返回' }).click()
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: '换上' }).click()])
  await page.getByRole('button', { name: '接着填入户' }).click()
  assert.equal(await mark(page), 'b')
  assert.equal(await page.getByLabel('原话').inputValue(), '水窖裂了缝，要修')
})
