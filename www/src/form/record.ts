// A record being edited: what the core showed, what the person changed, and how the core reads it.
import { computed, onScopeDispose, reactive, ref, shallowRef } from 'vue'
import { keepForm, kept, useKeeper } from '@/app/keep'
import { call, problemOf } from '@/core/client'
import type { FieldChange, FieldView, Problem, RecordView, Section } from '@/core/types'

const PREVIEW_MS = 200

interface Kept {
  base: string
  changes: FieldChange[]
}

/** Opens a record and follows its editing; `form` is the name under which a half-filled state is kept. */
export function useRecord(document: string, record: string, form: string) {
  const view = shallowRef<RecordView | null>(null)
  const problem = shallowRef<Problem | null>(null)
  const typed = reactive(new Map<string, string>())
  const previews = shallowRef(new Map<string, FieldView>())
  const resumed = ref(false)
  let base = ''
  let round = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const keeper = useKeeper(() => keepForm(form, typed.size === 0 ? null : { base, changes: typedChanges() }))

  function typedChanges(): FieldChange[] {
    return [...typed].map(([key, value]) => ({ key, value }))
  }

  async function open(): Promise<void> {
    try {
      const reply = await call({ type: 'record', document, record })
      const before = await kept<Kept>(form)
      base = reply.view.base
      view.value = reply.view
      problem.value = null
      if (!before || before.changes.length === 0) return
      // What the person saw when typing began, so that a value that came since is kept beside theirs.
      base = before.base
      for (const one of before.changes) typed.set(one.key, one.value)
      resumed.value = true
      await preview()
    } catch (error) {
      problem.value = problemOf(error)
    }
  }

  async function preview(): Promise<void> {
    const mine = ++round
    try {
      const reply = await call({ type: 'preview', document, record, changes: typedChanges() })
      if (mine === round) previews.value = new Map(reply.fields.map((field) => [field.key, field]))
    } catch {
      // The echo is a help; saving says what is wrong.
    }
  }

  const original = computed(
    () => new Map((view.value?.sections ?? []).flatMap((section) => section.fields).map((field) => [field.key, field.value])),
  )

  /** The sections with the core's reading of what was typed. */
  const sections = computed<Section[]>(() =>
    (view.value?.sections ?? []).map((section) => ({
      ...section,
      fields: section.fields.map((field) => previews.value.get(field.key) ?? field),
    })),
  )

  function valueOf(field: FieldView): string {
    return typed.get(field.key) ?? field.value
  }

  function change(key: string, value: string): void {
    if (original.value.get(key) === value) typed.delete(key)
    else typed.set(key, value)
    keeper.touched()
    clearTimeout(timer)
    timer = setTimeout(() => void preview(), PREVIEW_MS)
  }

  /** What was typed and what visibly followed from it (an ID number fills sex and birth date). */
  function changes(): FieldChange[] {
    const all = typedChanges()
    for (const [key, field] of previews.value) {
      if (!typed.has(key) && original.value.get(key) !== field.value) all.push({ key, value: field.value })
    }
    return all
  }

  /** Nothing more is kept: the form was saved. */
  async function done(): Promise<void> {
    keeper.stop()
    await keepForm(form, null)
  }

  async function drop(): Promise<void> {
    typed.clear()
    previews.value = new Map()
    resumed.value = false
    await keepForm(form, null)
    await open()
  }

  onScopeDispose(() => clearTimeout(timer))
  void open()
  return {
    view, problem, sections, resumed, valueOf, change, changes, preview, done, drop, open,
    changed: computed(() => typed.size > 0),
    base: () => base,
  }
}
