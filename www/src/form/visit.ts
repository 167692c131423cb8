// A visit being written. Every keystroke goes to the core; the draft outlives the tab.
import { computed, reactive, ref, shallowRef } from 'vue'
import { useKeeper } from '@/app/keep'
import { call, problemOf } from '@/core/client'
import type { Problem, SavedView, VisitDraft, VisitForm } from '@/core/types'

/** Opens the form of a household; `visit` names the one to correct, empty for a new one. */
export function useVisit(household: string, visit: string) {
  const form = shallowRef<VisitForm | null>(null)
  const draft = ref<VisitDraft | null>(null)
  const problem = shallowRef<Problem | null>(null)
  const state = reactive({ saving: false, touched: false })

  const keeper = useKeeper(async () => {
    if (draft.value) await call({ type: 'keep_draft', draft: draft.value })
  })

  async function open(): Promise<void> {
    try {
      const reply = await call({ type: 'visit_form', household, visit })
      form.value = reply.form
      draft.value = reply.form.draft
      problem.value = null
    } catch (error) {
      problem.value = problemOf(error)
    }
  }

  /** Writes a part of the draft. */
  function set(part: Partial<VisitDraft>): void {
    if (!draft.value) return
    draft.value = { ...draft.value, ...part }
    state.touched = true
    keeper.touched()
  }

  function check(dimension: string, verdict: string): void {
    if (!draft.value) return
    const checks = draft.value.checks.map((one) =>
      one.dimension === dimension ? { dimension, verdict, basis: 'checked' } : one,
    )
    set({ checks })
  }

  /** What the form asks after the answer to 家里有人吗. */
  const asks = computed(() => form.value?.homes.find((one) => one.value === draft.value?.home)?.asks ?? [])

  async function save(): Promise<SavedView | null> {
    if (!draft.value) return null
    state.saving = true
    problem.value = null
    try {
      const written = draft.value
      return await keeper.during(async () => {
        const { saved } = await call({ type: 'save_visit', draft: written })
        keeper.stop()
        return saved
      })
    } catch (error) {
      problem.value = problemOf(error)
      return null
    } finally {
      state.saving = false
    }
  }

  async function drop(): Promise<void> {
    keeper.stop()
    await call({ type: 'drop_draft', household, visit })
  }

  void open()
  return { form, draft, problem, state, asks, set, check, save, drop, open }
}
