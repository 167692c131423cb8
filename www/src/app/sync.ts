// When to synchronise. The browser's word that a network exists is never believed: only an answer counts.
import { shallowRef, watch } from 'vue'
import { call, listen, problemOf } from '@/core/client'
import type { Problem } from '@/core/types'
import { carryPhotos, lookAtPhotos } from '@/photo/store'
import { standing, showLoading, showStrip, start } from './standing'
import { bringApp } from './update'

const EVERY_MS = 5 * 60_000
const BACKOFF_FIRST_MS = 4_000
const BACKOFF_MAX_MS = 10 * 60_000
const AFTER_SAVE_MIN_MS = 800
const AFTER_SAVE_SPREAD_MS = 3_000

/** What the last attempt met, for the screen that asked for it; null after a success. */
export const syncProblem = shallowRef<Problem | null>(null)
export const syncing = shallowRef(false)

let timer: ReturnType<typeof setTimeout> | undefined
let failures = 0
let running: Promise<void> | undefined
let wanted = false
/** Something was saved since the last exchange began; that one may have left without it. */
let saved = false

/** Full jitter: anything between at once and the bound, so that a hundred phones do not knock together. */
function backoff(): number {
  return Math.random() * Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** failures)
}

/** Soon, and not together with everybody else who saved at this moment. */
function afterSave(): number {
  return AFTER_SAVE_MIN_MS + Math.random() * AFTER_SAVE_SPREAD_MS
}

function later(ms: number): void {
  clearTimeout(timer)
  timer = setTimeout(() => void syncNow(), ms)
}

/** One exchange now; a second call while one runs makes it run once more afterwards. */
export function syncNow(): Promise<void> {
  if (running) {
    wanted = true
    return running
  }
  running = exchange().finally(() => {
    running = undefined
    if (wanted) {
      wanted = false
      later(0)
    }
  })
  return running
}

async function exchange(): Promise<void> {
  if (standing.value.at !== 'joined') return
  clearTimeout(timer)
  saved = false
  syncing.value = true
  try {
    await loadAll()
    const { view } = await call({ type: 'sync_now' })
    showStrip(view.strip)
    if (view.strip.sync === 'waiting') failed(view.strip.trouble)
    else succeeded()
    // After all text, and nobody waits for them.
    if (view.strip.sync !== 'waiting') void carryPhotos()
  } catch (error) {
    failed(problemOf(error))
  } finally {
    syncing.value = false
  }
}

/** The first load, part by part; what has arrived is usable, and a cut link goes on where it stopped. */
async function loadAll(): Promise<void> {
  let more = true
  let some = false
  while (more) {
    const reply = await call({ type: 'load' })
    showLoading(reply.loading)
    more = reply.loading !== null
    some ||= more
  }
  // The name of the village and my role came with it.
  if (some) await start()
}

function succeeded(): void {
  failures = 0
  syncProblem.value = null
  bringApp()
  later(saved ? afterSave() : EVERY_MS)
}

function failed(problem: Problem | null): void {
  syncProblem.value = problem
  failures = Math.min(failures + 1, 12)
  if (document.visibilityState === 'visible') later(backoff())
}

/** Starts the triggers: app open, network came, page shown, after a save, every five minutes while visible. */
export function startSync(): void {
  watch(
    () => standing.value.at,
    (at) => {
      if (at === 'joined') {
        // A storage of photos that fails says so when one is taken.
        lookAtPhotos().catch(() => undefined)
        void syncNow()
      }
      else clearTimeout(timer)
    },
    { immediate: true },
  )
  window.addEventListener('online', () => void syncNow())
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void syncNow()
    else clearTimeout(timer)
  })
  let local = 0
  listen((notice) => {
    if (notice.type !== 'strip') return
    if (notice.strip.local > local) {
      saved = true
      later(afterSave())
    }
    local = notice.strip.local
  })
}
