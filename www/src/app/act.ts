// One thing at a time that a person asked for: busy while it runs, and what went wrong afterwards.
import { ref, type Ref } from 'vue'
import { problemOf } from '@/core/client'
import type { Problem } from '@/core/types'

export interface Act {
  busy: Ref<boolean>
  problem: Ref<Problem | null>
  /** Does the work; what it throws becomes the problem. */
  act: (work: () => Promise<void>) => Promise<void>
}

export function useAct(): Act {
  const busy = ref(false)
  const problem = ref<Problem | null>(null)

  async function act(work: () => Promise<void>): Promise<void> {
    busy.value = true
    problem.value = null
    try {
      await work()
    } catch (error) {
      problem.value = problemOf(error)
    } finally {
      busy.value = false
    }
  }

  return { busy, problem, act }
}
