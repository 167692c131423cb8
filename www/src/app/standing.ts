// Whose phone this is, and the strip that says where the work is. One per page.
import { computed, shallowRef } from 'vue'
import { listen, problemOf, startCore } from '@/core/client'
import type { LoadView, MemberView, Problem, StartView, StripView, VillageView } from '@/core/types'

export type Standing =
  | { at: 'starting' }
  | { at: 'fresh' }
  | { at: 'elsewhere' }
  | { at: 'broken'; problem: Problem }
  | { at: 'joined'; me: MemberView; village: VillageView; trouble: Problem[] }

const state = shallowRef<Standing>({ at: 'starting' })
const stripNow = shallowRef<StripView | null>(null)
const loadingNow = shallowRef<LoadView | null>(null)

export const standing = computed(() => state.value)
export const strip = computed(() => stripNow.value)
export const loading = computed(() => loadingNow.value)
export const me = computed(() => (state.value.at === 'joined' ? state.value.me : null))
export const village = computed(() => (state.value.at === 'joined' ? state.value.village : null))

/** Opens the records; `takeOver` takes them from another tab of this phone. */
export async function start(takeOver = false): Promise<void> {
  try {
    enter((await startCore(takeOver)).view)
  } catch (error) {
    state.value = { at: 'broken', problem: problemOf(error) }
  }
}

/** Takes the answer of a start or a join as the state of the page. */
export function enter(view: StartView): void {
  if (view.state === 'joined') {
    loadingNow.value = view.loading
    state.value = { at: 'joined', me: view.me, village: view.village, trouble: view.trouble }
  } else {
    state.value = { at: view.state }
  }
}

/** The strip as a reply carried it. */
export function showStrip(next: StripView): void {
  stripNow.value = next
}

/** How far the first load is, as a reply carried it. */
export function showLoading(next: LoadView | null): void {
  loadingNow.value = next
}

listen((notice) => {
  if (notice.type === 'strip') showStrip(notice.strip)
  if (notice.type === 'loading') showLoading(notice.loading)
  if (notice.type === 'elsewhere') state.value = { at: 'elsewhere' }
})
