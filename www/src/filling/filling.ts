// A form being filled in. The core holds it: every answer goes there, and what follows from it comes back.
import { computed, nextTick, reactive, ref, shallowRef } from 'vue'
import { useKeeper } from '@/app/keep'
import { call, problemOf } from '@/core/client'
import type { AnsweredView, FormItem, FormTrouble, FormView, Problem, SavedView, SectionView } from '@/core/types'
import { currentLanguage } from '@/i18n'

interface Opened {
  document: string
  about: string
  form: string
  record: string
}

/** How a form is opened in the core, saved and dropped. */
export interface Way {
  /** Resumed where it was begun; null where there is nothing to fill in. */
  open: () => Promise<FormView | null>
  save: (finish: boolean, problems: string[]) => Promise<{ saved: SavedView | null; troubles: FormTrouble[] }>
  drop: () => Promise<unknown>
}

/** A form by itself. */
export function alone(opened: Opened): Way {
  return {
    open: async () => (await call({ type: 'open_form', ...opened })).view,
    save: (finish, problems) => call({ type: 'save_form', finish, problems }),
    drop: () => call({ type: 'drop_form' }),
  }
}

export interface Part {
  section: SectionView
  at: number
  items: FormItem[]
}

/** The sections of a form with their questions. */
export function partsOf(view: FormView | null): Part[] {
  const found = (view?.sections ?? []).map((section, at): Part => ({ section, at, items: [] }))
  for (const item of view?.items ?? []) found[item.section]?.items.push(item)
  return found.filter(({ section, items }) => items.length > 0 || section.may_add || section.title !== '')
}

/** Shows a question or section, and puts the focus where one answers it. */
export async function jumpTo(body: HTMLElement | undefined, selector: string): Promise<void> {
  await nextTick()
  const place = body?.querySelector<HTMLElement>(selector)
  place?.scrollIntoView({ block: 'start' })
  const target = place?.querySelector<HTMLElement>('input, select, textarea, button, h2')
  target?.focus({ preventScroll: true })
}

/** One form is open in the core at a time: whoever opens the next one waits until the last answer of the one before is in. */
let last: Promise<unknown> = Promise.resolve()

function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = last.then(work, work)
  last = mine.catch(() => undefined)
  return mine
}

function isEnglish(language: string): boolean {
  return /^en|\(en/i.test(language)
}

/** The language of the form that the person reads the app in, when it has one. */
function preferred(view: FormView): string {
  const english = currentLanguage.value === 'en'
  if (isEnglish(view.language) === english) return view.language
  return view.languages.find((one) => isEnglish(one) === english) ?? view.language
}

export function useFilling(way: Way) {
  const view = shallowRef<FormView | null>(null)
  const problem = shallowRef<Problem | null>(null)
  /** What was typed and the core has not answered yet. */
  const typed = reactive(new Map<string, string>())
  const saving = ref(false)
  const touched = ref(false)
  /** What appeared because of the last answer, for those who cannot see it. */
  const news = ref('')
  const missing = shallowRef<FormTrouble[]>([])

  const items = computed(() => new Map((view.value?.items ?? []).map((item) => [item.place, item])))
  const keeper = useKeeper(sendAll)

  async function openInCore(): Promise<FormView | null> {
    const opened = await way.open()
    const wanted = opened && preferred(opened)
    if (wanted === null || wanted === opened?.language) return opened
    return (await call({ type: 'form_language', language: wanted })).view
  }

  async function open(): Promise<void> {
    try {
      view.value = await inTurn(openInCore)
      problem.value = null
    } catch (error) {
      problem.value = problemOf(error)
    }
  }

  async function ask(place: string, value: string): Promise<AnsweredView> {
    try {
      return (await call({ type: 'answer', place, value })).view
    } catch {
      // A core that had to restart has no form open: its draft is, and the answer is given again.
      view.value = await openInCore()
      return (await call({ type: 'answer', place, value })).view
    }
  }

  async function sendAll(): Promise<void> {
    for (let next = typed.entries().next(); !next.done; next = typed.entries().next()) {
      const [place, value] = next.value
      if (!items.value.has(place)) {
        typed.delete(place)
        continue
      }
      try {
        apply(await inTurn(() => ask(place, value)))
        problem.value = null
      } catch (error) {
        problem.value = problemOf(error)
        throw error
      }
      if (typed.get(place) === value) typed.delete(place)
    }
  }

  function apply(answered: AnsweredView): void {
    const before = view.value
    if (!before) return
    const next = new Map(items.value)
    const fresh = answered.changed.filter((item) => !next.has(item.place))
    for (const place of answered.gone) next.delete(place)
    for (const item of answered.changed) next.set(item.place, item)
    const order = answered.order ?? [...next.keys()]
    const sorted = order.flatMap((place) => next.get(place) ?? [])
    const { sections, proposals, updates } = answered
    view.value = { ...before, items: sorted, sections, proposals, updates }
    news.value = fresh.map((item) => item.label).join(' · ')
  }

  /** An answer as it is typed or chosen; the same once more makes a carried one checked. */
  function answer(place: string, value: string): void {
    typed.set(place, value)
    touched.value = true
    keeper.touched()
  }

  function valueOf(item: FormItem): string {
    return typed.get(item.place) ?? item.value
  }

  /** Answered here, and the core has not said yet what follows from it. */
  function isTyped(place: string): boolean {
    return typed.has(place)
  }

  /** Something that changes the whole form: all answers are in before. */
  async function change(work: () => Promise<{ view: FormView }>): Promise<void> {
    try {
      await keeper.flush()
      view.value = (await inTurn(work)).view
      problem.value = null
    } catch (error) {
      problem.value = problemOf(error)
    }
  }

  async function addInstance(place: string): Promise<void> {
    touched.value = true
    await change(() => call({ type: 'add_instance', place }))
  }

  async function removeInstance(place: string): Promise<void> {
    touched.value = true
    await change(() => call({ type: 'remove_instance', place }))
  }

  async function speakIn(language: string): Promise<void> {
    await change(() => call({ type: 'form_language', language }))
  }

  /** Saves; what stands in the way is listed instead. */
  async function save(finish: boolean, problems: string[]): Promise<SavedView | null> {
    saving.value = true
    problem.value = null
    try {
      return await keeper.during(async () => {
        // An answer that the core did not take is in no record: its problem is on the screen.
        if (typed.size > 0) return null
        const reply = await inTurn(() => way.save(finish, problems))
        missing.value = reply.troubles
        if (reply.saved) keeper.stop()
        return reply.saved
      })
    } catch (error) {
      problem.value = problemOf(error)
      return null
    } finally {
      saving.value = false
    }
  }

  async function drop(): Promise<void> {
    keeper.stop()
    await inTurn(way.drop)
  }

  /** What still stands in the way of what was listed: a line goes when its question is answered. */
  const left = computed(() =>
    missing.value.filter((one) => {
      const item = items.value.get(one.place)
      return item !== undefined && (item.trouble !== null || valueOf(item) === '')
    }),
  )

  void open()
  return {
    view, problem, saving, touched, news, left, open, answer, valueOf, isTyped, addInstance, removeInstance, speakIn, save, drop,
  }
}
