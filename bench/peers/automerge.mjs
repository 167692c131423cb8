// Automerge with the whole village as one document, synchronised by its own messages, which automerge-repo carries. Both
// sides remember what the other one had, as automerge-repo does.
import * as A from '@automerge/automerge'
import { brotli, input, now, print } from './common.mjs'

const scalar = (value) => (typeof value === 'string' ? new A.ImmutableString(value) : value)
const map = (fields) => Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, scalar(value)]))
const visit = ({ id, words, ...fields }) => ({ ...map(fields), words })

function village() {
  const households = {}
  for (const { id, fields, persons } of input.village) {
    const people = Object.fromEntries(persons.map(({ id, ...fields }) => [id, map(fields)]))
    households[id] = { fields: map(fields), persons: people, visits: {} }
  }
  let doc = A.from({ households })
  // A change for each visit; everybody's one after the other, because each has an actor of its own.
  const people = new Map()
  for (const { id, visits } of input.village) {
    for (const one of visits) people.set(one.by, [...(people.get(one.by) ?? []), [id, one]])
  }
  for (const all of people.values()) {
    doc = A.clone(doc)
    for (const [id, one] of all) {
      doc = A.change(doc, ({ households }) => {
        households[id].visits[one.id] = visit(one)
      })
    }
  }
  return doc
}

function work(doc, works) {
  for (const { id, fields, visit: one } of works) {
    doc = A.change(doc, ({ households }) => Object.assign(households[id].fields, map(fields)))
    doc = A.change(doc, ({ households }) => {
      households[id].visits[one.id] = visit(one)
    })
  }
  return doc
}

/** Messages to and fro until nobody has one more. */
function exchange(sides) {
  const moved = { bytes: 0, rounds: 0 }
  for (let quiet = false; !quiet; moved.rounds += quiet ? 0 : 1) {
    quiet = true
    for (const [from, to] of [sides, [...sides].reverse()]) {
      const [state, message] = A.generateSyncMessage(from.doc, from.state)
      from.state = state
      if (!message) continue
      quiet = false
      moved.bytes += message.length
      const [doc, next] = A.receiveSyncMessage(to.doc, to.state, message)
      Object.assign(to, { doc, state: next })
    }
  }
  return moved
}

/** What is left of a state when the connection ends and comes again. */
const reconnect = (sides) => {
  for (const side of sides) side.state = A.decodeSyncState(A.encodeSyncState(side.state))
}

const made = village()
const stored = A.save(made)
const load = { bytes: brotli(stored) }
const begin = now()
const opened = A.load(stored)
const list = Object.values(opened.households).map((household) => String(household.fields.number))
const start = { ms: now() - begin, households: list.length }
const sides = [
  { doc: A.clone(made), state: A.initSyncState() },
  { doc: A.clone(made), state: A.initSyncState() },
]
exchange(sides)
reconnect(sides)
const idle = exchange(sides)
sides[1].doc = work(sides[1].doc, input.received)
sides[0].doc = work(sides[0].doc, input.sent)
reconnect(sides)
const day = exchange(sides)
print({ load, idle, day, start })
