// Half-filled forms are handed to the core at every keystroke: a phone that kills the page gives no notice.
import { onBeforeUnmount, ref, watch } from 'vue'
import type { Ref } from 'vue'
import { call, slotHere } from '@/core/client'

const flushers = new Set<() => Promise<void>>()
/** What is still being made for a form, such as the picture of a signature: no save goes without it. */
const making = new Set<Promise<unknown>>()

/** Holds saves back until the work is over; its name has to be in the form by then. */
export async function holdingSaves<T>(work: Promise<T>): Promise<T> {
  making.add(work)
  try {
    return await work
  } finally {
    making.delete(work)
  }
}

/** Hands everything typed to the core; awaited before the page is replaced by a new version, or shows another space. */
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

/** Calls `keep` at every keystroke, one call at a time: what was typed meanwhile goes with the next. */
export function useKeeper(keep: () => Promise<unknown>): Keeper {
  const slot = slotHere()
  let saving: Promise<unknown> | undefined
  let dirty = false
  let running: Promise<void> | undefined
  let stopped = false
  let held = false

  async function keepAll(): Promise<void> {
    // What is typed of one village is never kept in another.
    while (dirty && !stopped && !held && slot === slotHere()) {
      dirty = false
      try {
        await keep()
      } catch {
        // Still in the form, and tried again at the next keystroke.
        dirty = true
        return
      }
    }
  }
  function flush(): Promise<void> {
    running ??= keepAll().finally(() => (running = undefined))
    return running
  }
  function touched(): void {
    dirty = true
    void flush()
  }
  async function during<T>(save: () => Promise<T>): Promise<T> {
    await Promise.allSettled(making)
    await flush()
    held = true
    try {
      const work = save()
      saving = work.catch(() => undefined)
      return await work
    } finally {
      held = false
      saving = undefined
      if (dirty) touched()
    }
  }
  function stop(): void {
    stopped = true
  }
  const settle = async (): Promise<void> => {
    await saving
    await flush()
  }
  flushers.add(settle)
  onBeforeUnmount(() => {
    void flush()
    flushers.delete(settle)
  })
  return { touched, flush, during, stop }
}

/** What was kept of a form by an earlier page, of the space that is shown if no other is named, parsed; null when nothing. */
export async function kept<T>(form: string, slot = slotHere()): Promise<T | null> {
  const { text } = await call({ type: 'kept_form', form }, slot)
  if (text === '') return null
  try {
    return JSON.parse(text) as T
  } catch {
    return null
  }
}

/** Keeps a form's state under its name, in the space that is shown if no other is named; null drops it. */
export async function keepForm(form: string, state: unknown, slot = slotHere()): Promise<void> {
  await call({ type: 'keep_form', form, text: state === null ? '' : JSON.stringify(state) }, slot)
}

export interface KeptForm {
  /** What an earlier page kept is in its place: only now may the form be typed in, or one would overwrite the other. */
  opened: Ref<boolean>
  /** Runs the work that saves the form, and drops what was kept of it when that worked; `false` says that it was not saved. */
  saved: (save: () => Promise<unknown>) => Promise<void>
  /** Gives up what was typed. */
  drop: () => Promise<void>
}

/** Keeps a form of plain values under its name, beginning with what an earlier page kept of it. */
export function useKeptForm(form: string, state: object): KeptForm {
  const slot = slotHere()
  const opened = ref(false)
  const keeper = useKeeper(() => keepForm(form, state, slot))
  watch(state, () => opened.value && keeper.touched(), { flush: 'sync' })
  kept<object>(form, slot)
    .then((before) => before && Object.assign(state, before))
    .catch(() => {
      // The storage says so itself as soon as something is typed or saved; the form can be written in meanwhile.
    })
    .finally(() => (opened.value = true))
  async function saved(save: () => Promise<unknown>): Promise<void> {
    const done = await keeper.during(async () => {
      if ((await save()) === false) return false
      keeper.stop()
      return true
    })
    if (done) await keepForm(form, null, slot)
  }
  async function drop(): Promise<void> {
    keeper.stop()
    await keeper.flush()
    await keepForm(form, null, slot)
  }
  return { opened, saved, drop }
}

document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') void flushAll()
})
window.addEventListener('pagehide', () => void flushAll())
