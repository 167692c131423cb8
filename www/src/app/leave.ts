// Leaving a form: back to where it was opened from, or to its household when the address was opened by itself.
import type { Router } from 'vue-router'

/** Goes to `to` without a second entry for it in the history. */
export function leaveTo(router: Router, to: string): void {
  const before: unknown = (history.state as { back?: unknown } | null)?.back
  if (before === to) router.back()
  else void router.replace(to)
}
