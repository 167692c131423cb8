// A view of the core on a screen: asked once, and again only when a notice says that its data changed.
import { onActivated, onDeactivated, onScopeDispose, shallowRef, type ShallowRef } from 'vue'
import { call, listen, problemOf, slotHere, type ReplyTo } from '@/core/client'
import type { Problem, Request } from '@/core/types'

type Kind = Request['type']

export interface Asked<R> {
  reply: Readonly<ShallowRef<R | null>>
  problem: Readonly<ShallowRef<Problem | null>>
  /** Asks again at once. */
  again: () => Promise<void>
}

/**
 * Asks `request()` and keeps its reply fresh. `documents` names what the screen shows; without it every change counts.
 * A hidden screen asks again when it is shown. It speaks of one space, also while another one is being shown.
 */
export function useAsked<K extends Kind>(
  request: () => Extract<Request, { type: K }> & { type: K },
  documents?: () => string[],
): Asked<ReplyTo<K>> {
  const reply: ShallowRef<ReplyTo<K> | null> = shallowRef(null)
  const problem = shallowRef<Problem | null>(null)
  let shown = true
  let stale = false
  const slot = slotHere()
  let round = 0

  async function again(): Promise<void> {
    stale = false
    const mine = ++round
    try {
      const answer = await call<K>(request(), slot)
      if (mine === round) {
        reply.value = answer
        problem.value = null
      }
    } catch (error) {
      if (mine === round) problem.value = problemOf(error)
    }
  }

  const stop = listen((notice, of) => {
    if (of !== slot) return
    if (notice.type !== 'changed' && notice.type !== 'loading') return
    if (notice.type === 'loading' && documents) return
    if (notice.type === 'changed' && documents) {
      const watched = documents()
      if (!notice.documents.some((document) => watched.includes(document))) return
    }
    stale = true
    if (shown) queueMicrotask(() => void (stale && again()))
  })
  onActivated(() => {
    shown = true
    if (stale) void again()
  })
  onDeactivated(() => {
    shown = false
  })
  onScopeDispose(stop)
  void again()
  return { reply, problem, again }
}
