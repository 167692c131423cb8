// When to synchronise. The browser's word that a network exists is never believed: only an answer counts.
import { computed, shallowRef, watch } from 'vue'
import { call, listen, problemOf } from '@/core/client'
import type { Problem } from '@/core/types'
import { carryPhotos, lookAtPhotos } from '@/photo/store'
import { here, showLoading, showStrip, spaces, standing, startAgain } from './standing'
import { bringApp } from './update'

const EVERY_MS = 5 * 60_000
const BACKOFF_FIRST_MS = 4_000
const BACKOFF_MAX_MS = 10 * 60_000
const AFTER_SAVE_MIN_MS = 800
const AFTER_SAVE_SPREAD_MS = 3_000

/** What the last attempt met, by the place of the space. */
const problems = shallowRef(new Map<number, Problem>())
/** What it met in the space that is shown, for the screen that asked for it; null after a success. */
export const syncProblem = computed(() => problems.value.get(here.value) ?? null)
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

/** The next space that was not asked yet, the one that is shown first; those that open meanwhile have their turn too. */
function nextOf(asked: Set<number>): number | undefined {
  const left = spaces.value.map((one) => one.slot).filter((slot) => !asked.has(slot))
  return left.includes(here.value) ? here.value : left[0]
}

/** One space after the other; what fails in one stops none of the others. */
async function exchange(): Promise<void> {
  if (spaces.value.length === 0) return
  clearTimeout(timer)
  saved = false
  syncing.value = true
  const after: number[] = []
  const met = new Map<number, Problem>()
  let waits = false
  const asked = new Set<number>()
  for (let slot = nextOf(asked); slot !== undefined; slot = nextOf(asked)) {
    asked.add(slot)
    try {
      await loadAll(slot)
      const { view } = await call({ type: 'sync_now' }, slot)
      showStrip(view.strip, slot)
      if (view.strip.sync !== 'waiting') after.push(slot)
      else {
        waits = true
        if (view.strip.trouble) met.set(slot, view.strip.trouble)
      }
    } catch (error) {
      waits = true
      met.set(slot, problemOf(error))
    }
  }
  syncing.value = false
  problems.value = met
  if (waits) failed()
  else succeeded()
  // After all text, and nobody waits for them.
  void carryAll(after)
}

async function carryAll(slots: number[]): Promise<void> {
  for (const slot of slots) await carryPhotos(false, slot)
}

/** The first load, part by part; what has arrived is usable, and a cut link goes on where it stopped. */
async function loadAll(slot: number): Promise<void> {
  let more = true
  let some = false
  while (more) {
    const reply = await call({ type: 'load' }, slot)
    showLoading(reply.loading, slot)
    more = reply.loading !== null
    some ||= more
  }
  // The name of the village and my role came with it.
  if (some) await startAgain(slot)
}

function succeeded(): void {
  failures = 0
  bringApp()
  later(saved ? afterSave() : EVERY_MS)
}

function failed(): void {
  failures = Math.min(failures + 1, 12)
  if (document.visibilityState === 'visible') later(backoff())
}

/** Starts the triggers: app open, network came, page shown, after a save, every five minutes while visible. */
export function startSync(): void {
  watch(
    () => (standing.value.at === 'joined' ? here.value : null),
    (slot) => {
      // A storage of photos that fails says so when one is taken.
      if (slot !== null) lookAtPhotos().catch(() => undefined)
    },
    { immediate: true },
  )
  watch(
    () => spaces.value.length,
    (count, before) => {
      if (count > (before ?? 0) && !running) void syncNow()
      else if (count === 0) clearTimeout(timer)
    },
    { immediate: true },
  )
  window.addEventListener('online', () => void syncNow())
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void syncNow()
    else clearTimeout(timer)
  })
  const local = new Map<number, number>()
  listen((notice, slot) => {
    if (notice.type !== 'strip') return
    if (notice.strip.local > (local.get(slot) ?? 0)) {
      saved = true
      later(afterSave())
    }
    local.set(slot, notice.strip.local)
  })
}
