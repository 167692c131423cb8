// New versions of the app: downloaded quietly, put in place only when a person says so and nothing typed can be lost.
import { shallowRef } from 'vue'
import { noteError } from './errors'
import { flushAll } from './keep'

const LOOK_EVERY_MS = 60 * 60_000

let registration: ServiceWorkerRegistration | undefined
let replacing = false
export const updateReady = shallowRef(false)
/** Whether the app itself is on this phone; closed before that, it would not open without signal. */
export const appStored = shallowRef<'yes' | 'coming' | 'stopped'>('yes')

/** Registers the service worker and watches for a version that waits. */
export async function startUpdates(): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  await register()
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (replacing) location.reload()
  })
  let looked = Date.now()
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible' || Date.now() - looked < LOOK_EVERY_MS) return
    looked = Date.now()
    lookForUpdate()
  })
}

async function register(): Promise<void> {
  let found: ServiceWorkerRegistration
  try {
    found = await navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' })
  } catch {
    if (navigator.serviceWorker.controller === null) appStored.value = 'stopped'
    noteError('app.sw_register', 'update')
    return
  }
  const known = found === registration
  registration = found
  look(found)
  if (!known) found.addEventListener('updatefound', () => look(found))
}

/** What stands where, now and when the version that is being downloaded comes or does not. */
function look(of: ServiceWorkerRegistration): void {
  const tell = (): void => {
    updateReady.value = of.waiting !== null && navigator.serviceWorker.controller !== null
    appStored.value = of.active ? 'yes' : of.installing || of.waiting ? 'coming' : 'stopped'
  }
  tell()
  of.installing?.addEventListener('statechange', tell)
}

/** With signal: takes up a first download of the app that broke off. */
export function bringApp(): void {
  if (appStored.value === 'stopped') void register()
}

/** Asks the server for a newer version, which may mend what this one cannot do. */
export function lookForUpdate(): void {
  registration?.update().catch(() => {
    // No network: looked for again later.
  })
}

/** Puts the new version in place: what is typed goes to disk first, then one reload. */
export async function replaceNow(): Promise<void> {
  const waiting = registration?.waiting
  if (!waiting) return
  await flushAll()
  replacing = true
  waiting.postMessage({ type: 'take_over' })
}

/** This version has opened the records: files of older versions may go. */
export function tellOpened(): void {
  navigator.serviceWorker?.controller?.postMessage({ type: 'opened' })
}

/** Back to the version before, which is kept until this one has opened the records once. */
export function goBackToPrevious(): void {
  const controller = navigator.serviceWorker?.controller
  if (!controller) return
  const channel = new MessageChannel()
  channel.port1.onmessage = () => location.reload()
  controller.postMessage({ type: 'go_back' }, [channel.port2])
}
