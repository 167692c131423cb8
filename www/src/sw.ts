// The service worker: keeps every file of the app, so that it starts without a network. A new version waits until a
// person lets it in, and the files of the version before stay until the new one has opened the records once.
import { PrecacheController } from 'workbox-precaching'

declare const self: ServiceWorkerGlobalScope & {
  readonly __WB_MANIFEST: { url: string; revision: string | null; integrity: string }[]
}

type Told = { type: 'take_over' } | { type: 'opened' } | { type: 'go_back' }

const PAGE = '/index.html'
const CACHE = 'bianfang-files'
const STATE = 'bianfang-state'
/** Marks that a person went back to the version before this one. */
const WENT_BACK = '/went-back'
/** The files that were kept when this version was installed: those that may go once it has opened the records. */
const OLDER = '/older'
/** Answered by the endpoint alone. */
const NEVER_KEPT = [/^\/v1\//, /^\/demo(\/|$)/, /^\/healthz$/]

const files = new PrecacheController({ cacheName: CACHE })
files.addToCacheList(self.__WB_MANIFEST)

self.addEventListener('install', (event) => {
  event.waitUntil(install(event))
})

self.addEventListener('message', (event) => {
  const told = event.data as Told
  if (told.type === 'take_over') event.waitUntil(takeOver())
  if (told.type === 'opened') event.waitUntil(opened())
  if (told.type === 'go_back') event.waitUntil(goBack(event.ports[0]))
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== self.location.origin) return
  if (NEVER_KEPT.some((pattern) => pattern.test(url.pathname))) return
  event.respondWith(request.mode === 'navigate' ? page(request) : file(request, url.pathname))
})

async function install(event: ExtendableEvent): Promise<void> {
  const [cache, state] = await Promise.all([caches.open(CACHE), caches.open(STATE)])
  const older = (await cache.keys()).map((key) => key.url)
  await state.put(OLDER, new Response(JSON.stringify(older)))
  await files.install(event)
}

async function takeOver(): Promise<void> {
  const state = await caches.open(STATE)
  await state.delete(WENT_BACK)
  await self.skipWaiting()
}

/** This version works: the files of older ones go, unless a newer one is being put beside them just now. */
async function opened(): Promise<void> {
  const [cache, state] = await Promise.all([caches.open(CACHE), caches.open(STATE)])
  const list = await state.match(OLDER)
  const { installing, waiting } = self.registration
  if (!list || installing || waiting || (await state.match(WENT_BACK))) return
  const mine = new Set(files.getURLsToCacheKeys().values())
  const older = (await list.json()) as string[]
  await Promise.all(older.filter((url) => !mine.has(url)).map((url) => cache.delete(url)))
  await state.delete(OLDER)
}

async function goBack(port: MessagePort | undefined): Promise<void> {
  const state = await caches.open(STATE)
  await state.put(WENT_BACK, new Response('yes'))
  port?.postMessage('ready')
}

/** The one page of the app, of this version or, after [用回上一版], of the one before. */
async function page(request: Request): Promise<Response> {
  const state = await caches.open(STATE)
  const kept = (await state.match(WENT_BACK)) ? await pageBefore() : await files.matchPrecache(PAGE)
  return kept ?? fetch(request)
}

async function pageBefore(): Promise<Response | undefined> {
  const cache = await caches.open(CACHE)
  const mine = files.getCacheKeyForURL(PAGE)
  for (const key of await cache.keys()) {
    if (new URL(key.url).pathname === PAGE && key.url !== mine) return cache.match(key)
  }
  return files.matchPrecache(PAGE)
}

/** A file of this version, or one of an older version that an open page still asks for. */
async function file(request: Request, path: string): Promise<Response> {
  const kept = (await files.matchPrecache(path)) ?? (await (await caches.open(CACHE)).match(request))
  return kept ?? fetch(request)
}
