// New versions of the app: downloaded beside the old one, put in place when a person says so, and the way back.
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import { basename, dirname, extname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Phone, Signal, atEnd, folder, until } from './harness.mjs'
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
const REVISION = /(\{"revision":")[0-9a-f]+(","url":"index\.html"\})/

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
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
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

test('a download that breaks off leaves the old version whole', async (t) => {
  const { served, page } = await install(t, 'a')
  const half = version('b')
  const [largest] = [...half].sort(([, one], [, other]) => other.length - one.length)[0]
  half.delete(largest)
  served.files = half
  const end = await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration()
    const end = new Promise((resolve) => {
      registration.addEventListener('updatefound', () => {
        const fresh = registration.installing
        fresh.addEventListener('statechange', () => fresh.state !== 'installing' && resolve(fresh.state))
      })
    })
    await registration.update().catch(() => undefined)
    return end
  })
  assert.equal(end, 'redundant')
  await served.signal.off()
  await page.reload()
  await ready(page)
  assert.equal(await mark(page), 'a')
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
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
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
