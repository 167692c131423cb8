// Yjs with the whole village as one document, synchronised by the messages of y-protocols. One client id a person, which
// flatters it: every start of an app has an id of its own, and each costs bytes in every exchange.
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import * as sync from 'y-protocols/sync'
import * as Y from 'yjs'
import { brotli, input, now, print } from './common.mjs'

const IMPORTER = 1
const people = new Map()

function client(by) {
  if (!people.has(by)) people.set(by, people.size + 2)
  return people.get(by)
}

function write(doc, by, change) {
  doc.clientID = by
  doc.transact(() => change(doc.getMap('households')))
}

function map(fields) {
  return new Y.Map(Object.entries(fields))
}

function visit({ id, words, ...fields }) {
  const made = map(fields)
  made.set('words', new Y.Text(words))
  return [id, made]
}

function village() {
  const doc = new Y.Doc()
  write(doc, IMPORTER, (households) => {
    for (const { id, fields, persons } of input.village) {
      const household = new Y.Map()
      household.set('fields', map(fields))
      household.set('persons', new Y.Map(persons.map(({ id, ...fields }) => [id, map(fields)])))
      household.set('visits', new Y.Map())
      households.set(id, household)
    }
  })
  for (const { id, visits } of input.village) {
    for (const one of visits) {
      write(doc, client(one.by), (households) => households.get(id).get('visits').set(...visit(one)))
    }
  }
  return doc
}

function copy(doc) {
  const other = new Y.Doc()
  Y.applyUpdate(other, Y.encodeStateAsUpdate(doc))
  return other
}

function work(doc, by, works) {
  for (const { id, fields, visit: one } of works) {
    write(doc, by, (households) => {
      for (const [key, value] of Object.entries(fields)) households.get(id).get('fields').set(key, value)
    })
    write(doc, by, (households) => households.get(id).get('visits').set(...visit(one)))
  }
}

/** Both sides send what they have seen, and answer with what the other lacks. */
function exchange(one, other) {
  let bytes = 0
  const send = (from, to, write) => {
    const encoder = encoding.createEncoder()
    write(encoder)
    const message = encoding.toUint8Array(encoder)
    bytes += message.length
    const answer = encoding.createEncoder()
    sync.readSyncMessage(decoding.createDecoder(message), answer, to, 'link')
    const back = encoding.toUint8Array(answer)
    if (back.length === 0) return
    bytes += back.length
    sync.readSyncMessage(decoding.createDecoder(back), encoding.createEncoder(), from, 'link')
  }
  send(one, other, (encoder) => sync.writeSyncStep1(encoder, one))
  send(other, one, (encoder) => sync.writeSyncStep1(encoder, other))
  return { bytes, rounds: 2 }
}

const endpoint = village()
const phone = copy(endpoint)
const load = { bytes: brotli(Y.encodeStateAsUpdate(endpoint)) }
const stored = Y.encodeStateAsUpdate(endpoint)
const begin = now()
const opened = new Y.Doc()
Y.applyUpdate(opened, stored)
const list = [...opened.getMap('households').values()].map((household) => household.get('fields').get('number'))
const start = { ms: now() - begin, households: list.length }
const idle = exchange(phone, endpoint)
work(endpoint, 101, input.received)
work(phone, 102, input.sent)
const day = exchange(phone, endpoint)
print({ load, idle, day, start })
