// Half-filled forms are handed to the core while one types, and at once when the page may go away.
import { onBeforeUnmount } from 'vue'
import { call } from '@/core/client'

const DEBOUNCE_MS = 250

const flushers = new Set<() => Promise<void>>()

/** Hands everything typed to the core; awaited before the page is replaced by a new version. */
export async function flushAll(): Promise<void> {
  await Promise.all([...flushers].map((flush) => flush()))
}

export interface Keeper {
  /** Something was typed. */
  touched: () => void
  flush: () => Promise<void>
  /** Saves the form: what is typed is kept before, and nothing meanwhile, or a saved form would come back as a draft. */
  during: <T>(save: () => Promise<T>) => Promise<T>
  /** The form was saved or dropped: nothing more is kept. */
  stop: () => void
}

/** Calls `keep` at most every quarter of a second while typing, and when the screen or the page goes away. */
export function useKeeper(keep: () => Promise<unknown>): Keeper {
  let timer: ReturnType<typeof setTimeout> | undefined
  let dirty = false
  let stopped = false
  let held = false

  async function flush(): Promise<void> {
    clearTimeout(timer)
    if (!dirty || stopped || held) return
    dirty = false
    try {
      await keep()
    } catch {
      // Still in the form, and tried again at the next keystroke.
      dirty = true
    }
  }
  function touched(): void {
    dirty = true
    clearTimeout(timer)
    timer = setTimeout(() => void flush(), DEBOUNCE_MS)
  }
  async function during<T>(save: () => Promise<T>): Promise<T> {
    await flush()
    held = true
    try {
      return await save()
    } finally {
      held = false
      if (dirty) touched()
    }
  }
  function stop(): void {
    stopped = true
    clearTimeout(timer)
  }
  flushers.add(flush)
  onBeforeUnmount(() => {
    void flush()
    flushers.delete(flush)
  })
  return { touched, flush, during, stop }
}

/** What was kept of a form by an earlier page, parsed; null when nothing. */
export async function kept<T>(form: string): Promise<T | null> {
  const { text } = await call({ type: 'kept_form', form })
  if (text === '') return null
  try {
    return JSON.parse(text) as T
  } catch {
    return null
  }
}

/** Keeps a form's state under its name; null drops it. */
export async function keepForm(form: string, state: unknown): Promise<void> {
  await call({ type: 'keep_form', form, text: state === null ? '' : JSON.stringify(state) })
}

document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') void flushAll()
})
window.addEventListener('pagehide', () => void flushAll())
