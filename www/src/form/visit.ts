// A visit being written. Every keystroke goes to the core; the draft outlives the tab.
import { computed, reactive, ref, shallowRef } from 'vue'
import { useKeeper } from '@/app/keep'
import { call } from '@/core/client'
import type { FormItem, SavedView, VisitDraft, VisitForm } from '@/core/types'
import { useFilling } from '@/filling/filling'

/** A text of several lines: in the words of the county's form where it asks for it. */
export interface Note {
  item: FormItem | null
  value: string
  write: (text: string) => void
}

/** Opens the form of a household; `visit` names the one to correct, empty for a new one. */
export function useVisit(household: string, visit: string) {
  const form = shallowRef<VisitForm | null>(null)
  const draft = ref<VisitDraft | null>(null)
  const state = reactive({ saving: false, touched: false })

  const keeper = useKeeper(async () => {
    if (draft.value) await call({ type: 'keep_draft', draft: draft.value })
  })

  /** What a form of the county asks here. It is open in the core, and its answers are kept there. */
  const filling = useFilling({
    open: async () => {
      const reply = await call({ type: 'visit_form', household, visit })
      form.value = reply.form
      // A core that had to restart opens it again: what was typed meanwhile stays.
      draft.value ??= reply.form.draft
      return reply.form.asked
    },
    save: (finish, problems) =>
      keeper.during(async () => {
        if (!draft.value) return { saved: null, troubles: [] }
        const reply = await call({ type: 'save_visit', draft: draft.value, finish, problems })
        if (reply.saved) keeper.stop()
        return reply
      }),
    drop: () => call({ type: 'drop_draft', household, visit }),
  })

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

  /** Answers a question of the county's form; the draft of the visit says that one was begun. */
  function answer(place: string, value: string): void {
    filling.answer(place, value)
    set({})
  }

  /** A note of the visit, which the county's form may ask for: nothing where that does not apply. */
  function note(key: 'words' | 'judgement'): Note | null {
    const place = key === 'words' ? form.value?.words_at : form.value?.judgement_at
    if (!place) return { item: null, value: draft.value?.[key] ?? '', write: (text) => set({ [key]: text }) }
    const item = filling.view.value?.items.find((one) => one.place === place)
    return item ? { item, value: filling.valueOf(item), write: (text) => answer(place, text) } : null
  }

  async function save(finish: boolean, problems: string[]): Promise<SavedView | null> {
    state.saving = true
    try {
      return await filling.save(finish, problems)
    } finally {
      state.saving = false
    }
  }

  async function drop(): Promise<void> {
    keeper.stop()
    await filling.drop()
  }

  const { problem, open } = filling
  return { form, draft, filling, problem, state, asks, set, check, answer, note, save, drop, open }
}
