// Typed calls to the core. Restarts a worker that died and asks again what it is safe to ask twice.
import type { Answer, PhotoAnswer, Question } from './messages'
import type { Notice, PhotoRequest, Problem, Reply, Request } from './types'
import { crashedInView } from './crash'

type Kind = Request['type']
type Of<K extends Kind> = Extract<Request, { type: K }>
/** Requests whose reply has another name: several of them are answered by the same one. */
interface OtherName {
  open_form: 'form'
  form_record: 'form'
  add_instance: 'form'
  remove_instance: 'form'
  form_language: 'form'
  answer: 'answered'
  save_form: 'saved_form'
  drop_form_draft: 'drop_form'
}
export type ReplyTo<K extends Kind> = Extract<Reply, { type: K extends keyof OtherName ? OtherName[K] : K }>

/** The core refused, or is gone: a sentence for a person and a stable code. */
export class CoreFailure extends Error {
  constructor(readonly problem: Problem) {
    super(problem.code)
    this.name = 'CoreFailure'
  }
}

/** Any thrown thing as something that can be shown. */
export function problemOf(error: unknown): Problem {
  if (error instanceof CoreFailure) return error.problem
  return UNEXPECTED
}

const UNEXPECTED: Problem = {
  code: 'app.unexpected',
  words: {
    zh: '应用出了点问题，已记进“出错记录”。已存好的记录都在。',
    en: 'Something went wrong in the app and was noted in the error record. What was saved is still there.',
  },
}

const RESTARTED: Problem = {
  code: 'app.core_restarted',
  words: {
    zh: '应用刚才重启过。请看一下记录，没存上的话再点一次保存。填的内容都在。',
    en: 'The app had to restart. Look at the record and tap save again if it is not there. What you typed is kept.',
  },
}

const DEAD: Problem = {
  code: 'app.core_dead',
  words: {
    zh: '应用打不开记录。请关掉再打开；还不行，把“出错记录”发给县办。已存好的记录还在手机里。',
    en: 'The app cannot open its records. Close and open it again. What was saved is still on the phone.',
  },
}

/** Asked again after a restart: reads, and writes that give the same result when done twice. */
const REPEATABLE: ReadonlySet<Kind> = new Set<Kind>([
  'start', 'invitation', 'load', 'today', 'households', 'household', 'record', 'preview', 'look_alike', 'evidence', 'visit_form',
  'keep_draft', 'drop_draft', 'keep_form', 'kept_form', 'findings', 'finding', 'finding_form', 'history', 'coverage', 'dispatch', 'export', 'paper', 'mine', 'sync_now',
  'error_log', 'note_error', 'reveal_id', 'rescue', 'make_rescue', 'rescue_kept', 'open_rescue', 'forms', 'open_form',
  'form_record', 'due_forms', 'count_due', 'drop_form_draft',
  'quality', 'open_hit', 'campaigns', 'campaign', 'four_lists',
])

const ELSEWHERE = 'store_elsewhere'
const RESTARTS_MAX = 3
const RESTARTS_WINDOW_MS = 60_000

const SLOT_KEY = 'bianfang.space'

/** The space that was shown last; the first where nothing is kept. */
function slotBefore(): number {
  try {
    return Number(localStorage.getItem(SLOT_KEY) ?? 0) || 0
  } catch {
    return 0
  }
}

let slotShown = slotBefore()

/** The place of the space that the screens show. Each space that the phone joined has one; the first is 0. */
export function slotHere(): number {
  return slotShown
}

/** From here on the screens speak of another space, after the next start too. */
export function showSlot(slot: number): void {
  slotShown = slot
  try {
    localStorage.setItem(SLOT_KEY, String(slot))
  } catch {
    // The next start then shows the first one.
  }
}

interface Pending {
  slot: number
  request: Request
  retried: boolean
  resolve: (reply: Reply) => void
  reject: (failure: CoreFailure) => void
}

interface PendingPhoto {
  resolve: (answer: PhotoAnswer) => void
  reject: (failure: CoreFailure) => void
}

interface PendingSlots {
  resolve: (slots: number[]) => void
  reject: (failure: CoreFailure) => void
}

type Listener = (notice: Notice, slot: number) => void

let worker: Worker | undefined
let nextId = 1
let restarts: number[] = []
/** Told to the next worker: only then is a record blamed that was being opened. */
let afterDeath = crashedInView
/** Spaces whose records were opened: a fresh worker opens them again. */
const started = new Set<number>()
const pending = new Map<number, Pending>()
const pendingPhotos = new Map<number, PendingPhoto>()
const pendingSlots = new Map<number, PendingSlots>()
const listeners = new Set<Listener>()

/** Hears every notice of the core, with the place of its space, until the returned function is called. */
export function listen(listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Asks the core about a space, by itself the one that is shown; a refusal is thrown as `CoreFailure`. */
export async function call<K extends Kind>(request: Of<K> & { type: K }, slot = slotHere()): Promise<ReplyTo<K>> {
  // Plain copy: reactive objects of the screens cannot be handed to a worker.
  const plain = JSON.parse(JSON.stringify(request)) as Request
  if (plain.type === 'start') started.add(slot)
  const reply = await new Promise<Reply>((resolve, reject) => ask({ slot, request: plain, retried: false, resolve, reject }))
  if (reply.type === 'failed') {
    // Another tab took the records over: the page says so, whatever it was about to ask.
    if (reply.problem.code === ELSEWHERE) tell({ type: 'elsewhere' }, slot)
    throw new CoreFailure(reply.problem)
  }
  return reply as ReplyTo<K>
}

/** Asks about a photo, with its bytes when there are some; a refusal is thrown as `CoreFailure`. */
export async function callPhoto(photo: PhotoRequest, bytes?: Uint8Array, slot = slotHere()): Promise<PhotoAnswer> {
  const answer = await new Promise<PhotoAnswer>((resolve, reject) => {
    const id = nextId++
    pendingPhotos.set(id, { resolve, reject })
    const question: Question = { id, slot, photo, bytes, after_death: afterDeath }
    running().postMessage(question)
  })
  if (answer.reply.type === 'failed') throw new CoreFailure(answer.reply.problem)
  return answer
}

/** The places of the spaces that this phone joined, or began to. */
export function slots(): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const id = nextId++
    pendingSlots.set(id, { resolve, reject })
    const question: Question = { id, slots: true, after_death: afterDeath }
    running().postMessage(question)
  })
}

let begun: { slot: number; reply: Promise<ReplyTo<'start'>> } | undefined

/** Opens the records of the space that was shown last before there is a page; `startCore` then has its answer sooner. */
export function beginCore(): void {
  begun = { slot: slotHere(), reply: call({ type: 'start', take_over: false }) }
  // Heard by whoever asks `startCore`.
  begun.reply.catch(ignore)
}

/** Opens the records of a space; `takeOver` takes them from another tab of this phone. */
export function startCore(takeOver: boolean, slot: number): Promise<ReplyTo<'start'>> {
  const first = takeOver || begun?.slot !== slot ? undefined : begun.reply
  if (begun?.slot === slot) begun = undefined
  return first ?? call({ type: 'start', take_over: takeOver }, slot)
}

function tell(notice: Notice, slot: number): void {
  for (const listener of listeners) listener(notice, slot)
}

function ask(one: Pending): void {
  const id = nextId++
  pending.set(id, one)
  const question: Question = { id, slot: one.slot, request: one.request, after_death: afterDeath }
  running().postMessage(question)
}

function running(): Worker {
  if (worker) return worker
  const fresh = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'core' })
  fresh.addEventListener('message', (event: MessageEvent<Answer>) => {
    if (fresh === worker) receive(event.data)
  })
  fresh.addEventListener('error', (event) => {
    event.preventDefault()
    // A worker whose script could not be fetched gives a plain event, and has opened nothing.
    if (fresh === worker) died('error', event instanceof ErrorEvent)
  })
  worker = fresh
  return fresh
}

function receive(answer: Answer): void {
  if ('fatal' in answer) {
    died(answer.fatal, answer.unloaded !== true)
    return
  }
  afterDeath = false
  if ('photo' in answer) {
    pendingPhotos.get(answer.id)?.resolve(answer.photo)
    pendingPhotos.delete(answer.id)
    return
  }
  if ('slots' in answer) {
    pendingSlots.get(answer.id)?.resolve(answer.slots)
    pendingSlots.delete(answer.id)
    return
  }
  answer.notices.forEach((notice) => tell(notice, answer.slot))
  if (!('id' in answer)) return
  pending.get(answer.id)?.resolve(answer.reply)
  pending.delete(answer.id)
}

/** The worker is gone: a new one takes over, unless it died too often to hope. */
function died(name: string, ran: boolean): void {
  afterDeath ||= ran
  worker?.terminate()
  worker = undefined
  const left = [...pending.values()]
  pending.clear()
  // Whoever waits for a photo sees for himself whether it is there.
  for (const one of pendingPhotos.values()) one.reject(new CoreFailure(RESTARTED))
  pendingPhotos.clear()
  for (const one of pendingSlots.values()) one.reject(new CoreFailure(RESTARTED))
  pendingSlots.clear()
  const now = Date.now()
  restarts = [...restarts.filter((at) => now - at < RESTARTS_WINDOW_MS), now]
  if (restarts.length > RESTARTS_MAX) {
    for (const one of left) one.reject(new CoreFailure(DEAD))
    return
  }
  for (const slot of started) {
    if (left.some((one) => one.slot === slot && one.request.type === 'start')) continue
    ask({ slot, request: { type: 'start', take_over: false }, retried: true, resolve: ignore, reject: ignore })
  }
  for (const one of left) {
    if (!REPEATABLE.has(one.request.type)) one.reject(new CoreFailure(RESTARTED))
    else if (one.retried) one.reject(new CoreFailure(DEAD))
    else ask({ ...one, retried: true })
  }
  const place = left[0]?.request.type ?? 'idle'
  ask({
    slot: left[0]?.slot ?? slotHere(),
    request: { type: 'note_error', code: `app.core_died.${name}`, place },
    retried: true,
    resolve: ignore,
    reject: ignore,
  })
}

function ignore(): void {
  // The answer of a request that nobody waits for.
}
