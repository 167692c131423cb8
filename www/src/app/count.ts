// Families are counted for what is due, a few at a time, while a screen shows how far it is.
import { onActivated, onDeactivated, onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'
import { call } from '@/core/client'
import type { CountingView } from '@/core/types'

/** Between two steps, so that what somebody taps is answered first. */
const PAUSE_MS = 20

/** Counts as long as `counting` says that there is something to count, then asks the screen anew. */
export function useCounting(counting: () => CountingView | null, again: () => Promise<void>): Readonly<ShallowRef<CountingView | null>> {
  const now: ShallowRef<CountingView | null> = shallowRef(null)
  let shown = true
  let running = false

  async function run(): Promise<void> {
    if (running) return
    running = true
    try {
      while (shown && now.value) {
        now.value = (await call({ type: 'count_due' })).counting
        await new Promise((done) => setTimeout(done, PAUSE_MS))
      }
      if (shown) await again()
    } catch {
      // The screen says what is wrong when it asks; what was counted stays counted.
      now.value = null
    } finally {
      running = false
    }
  }

  watch(counting, (next) => {
    now.value = next
    if (next) void run()
  }, { immediate: true })
  onActivated(() => {
    shown = true
    if (now.value) void run()
  })
  onDeactivated(() => {
    shown = false
  })
  onScopeDispose(() => {
    shown = false
  })
  return now
}
