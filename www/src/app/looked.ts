// A page that takes all households: it asks again until the core has looked at each of them, so that the page is there at once.
import { onActivated, onDeactivated, onScopeDispose, watch } from 'vue'
import type { LookedAt } from '@/core/types'

export function useLooked(looked: () => LookedAt | undefined, again: () => Promise<void>): void {
  let here = true
  const on = () => {
    const at = looked()
    if (here && at && at.done < at.of) void again()
  }
  watch(looked, on)
  onActivated(() => {
    here = true
    on()
  })
  onDeactivated(() => {
    here = false
  })
  onScopeDispose(() => {
    here = false
  })
}
