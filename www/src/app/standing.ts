// Which spaces this phone belongs to, the one that is shown, and the strips that say where the work is. One per page.
import { computed, shallowRef, triggerRef } from 'vue'
import { listen, problemOf, showSlot, slotHere, slots, startCore } from '@/core/client'
import type { LoadView, MemberView, Problem, StartView, StripView, VillageView } from '@/core/types'

export type Standing =
  | { at: 'starting' }
  | { at: 'fresh' }
  | { at: 'elsewhere' }
  | { at: 'broken'; problem: Problem }
  | { at: 'joined'; me: MemberView; village: VillageView; trouble: Problem[] }

/** A village or group that this phone joined. */
export interface Space {
  slot: number
  me: MemberView
  village: VillageView
  strip: StripView | null
}

const SLOTS_MAX = 8

const state = shallowRef(new Map<number, Standing>())
const strips = shallowRef(new Map<number, StripView>())
const loads = shallowRef(new Map<number, LoadView | null>())
/** Which space the screens show. */
export const here = shallowRef(slotHere())

export const standing = computed<Standing>(() => state.value.get(here.value) ?? { at: 'starting' })
export const strip = computed(() => strips.value.get(here.value) ?? null)
export const loading = computed(() => loads.value.get(here.value) ?? null)
export const me = computed(() => (standing.value.at === 'joined' ? standing.value.me : null))
export const village = computed(() => (standing.value.at === 'joined' ? standing.value.village : null))

/** Every village and group that this phone joined, in the order of joining. */
export const spaces = computed<Space[]>(() =>
  [...state.value]
    .sort(([one], [other]) => one - other)
    .flatMap(([slot, one]) =>
      one.at === 'joined' ? [{ slot, me: one.me, village: one.village, strip: strips.value.get(slot) ?? null }] : [],
    ),
)
/** Those that are not shown. */
export const otherSpaces = computed(() => spaces.value.filter((one) => one.slot !== here.value))

/** Why spaces that are not shown could not be opened. */
export const brokenSpaces = computed(() =>
  [...state.value].flatMap(([slot, one]) => (one.at === 'broken' && slot !== here.value ? [{ slot, problem: one.problem }] : [])),
)

/** Fulfilled when it was tried to open every space of this phone. */
let opened: Promise<void> = Promise.resolve()

/** The place for one more space; null where there are as many as a phone holds. One that cannot be opened is not free. */
export async function freeSlot(): Promise<number | null> {
  await opened
  for (let slot = 0; slot < SLOTS_MAX; slot++) if ((state.value.get(slot)?.at ?? 'fresh') === 'fresh') return slot
  return null
}

/** Shows another space. */
export function show(slot: number): void {
  showSlot(slot)
  here.value = slot
}

function put(slot: number, next: Standing): void {
  state.value.set(slot, next)
  triggerRef(state)
}

async function open(slot: number, takeOver: boolean): Promise<void> {
  try {
    enter((await startCore(takeOver, slot)).view, slot)
  } catch (error) {
    put(slot, { at: 'broken', problem: problemOf(error) })
  }
}

/** Opens the records, of the space that is shown first; `takeOver` takes them from another tab of this phone. */
export function start(takeOver = false): Promise<void> {
  opened = openAll(takeOver)
  return opened
}

async function openAll(takeOver: boolean): Promise<void> {
  const shown = here.value
  await open(shown, takeOver)
  // Another tab that has one of them has them all.
  if (standing.value.at === 'elsewhere') return
  let there: number[] = []
  try {
    there = await slots()
  } catch {
    // Without the list of spaces the one that is shown goes on.
  }
  for (const slot of new Set([0, ...there])) if (slot !== shown) await open(slot, takeOver)
  showSomething()
}

/** What one space has brought is read again: its name and my role in it. */
export async function startAgain(slot: number): Promise<void> {
  await open(slot, false)
}

/** A space that was left, or never joined, is shown only where there is no other. */
function showSomething(): void {
  const [first] = spaces.value
  if (standing.value.at === 'fresh' && first) show(first.slot)
}

/** Takes the answer of a start, a join or a leave as the state of a space. */
export function enter(view: StartView, slot = here.value): void {
  if (view.state === 'joined') {
    loads.value.set(slot, view.loading)
    triggerRef(loads)
    put(slot, { at: 'joined', me: view.me, village: view.village, trouble: view.trouble })
  } else {
    strips.value.delete(slot)
    triggerRef(strips)
    put(slot, { at: view.state })
  }
}

/** A space was left: another one is shown, where there is one. */
export function left(view: StartView, slot: number): void {
  enter(view, slot)
  showSomething()
}

/** The strip as a reply carried it. */
export function showStrip(next: StripView, slot = here.value): void {
  strips.value.set(slot, next)
  triggerRef(strips)
}

/** How far the first load is, as a reply carried it. */
export function showLoading(next: LoadView | null, slot = here.value): void {
  loads.value.set(slot, next)
  triggerRef(loads)
}

listen((notice, slot) => {
  if (notice.type === 'strip') showStrip(notice.strip, slot)
  if (notice.type === 'loading') showLoading(notice.loading, slot)
  if (notice.type === 'elsewhere') put(slot, { at: 'elsewhere' })
})
