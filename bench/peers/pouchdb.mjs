// PouchDB with one document a household and one a visit, replicated both ways. The bodies are counted as the JSON that the
// replication protocol sends to a CouchDB, each call as one round trip.
import memory from 'pouchdb-adapter-memory'
import PouchDB from 'pouchdb-core'
import replication from 'pouchdb-replication'
import { brotli, input, now, print } from './common.mjs'

PouchDB.plugin(memory).plugin(replication)

const CALLS = ['info', 'get', 'put', 'revsDiff', 'bulkGet', 'bulkDocs']
const size = (value) => (value === undefined ? 0 : Buffer.byteLength(JSON.stringify(value)))

function documents({ id, fields, persons, visits }) {
  return [{ _id: id, ...fields, persons }, ...visits.map((visit) => ({ ...visit, _id: visit.id, household: id }))]
}

/** The database as it would be behind HTTP: what goes in and out is counted, what it calls inside is not. */
function behindHttp(database, moved) {
  const remote = Object.create(database)
  for (const name of CALLS) {
    remote[name] = async (...args) => {
      moved.rounds += 1
      moved.bytes += size(args)
      const answer = await database[name](...args).catch((error) => {
        moved.bytes += size({ error: error.name, reason: error.message })
        throw error
      })
      moved.bytes += size(answer)
      return answer
    }
  }
  remote.changes = (options) => {
    const feed = database.changes(options)
    moved.rounds += 1
    feed.on('complete', (answer) => (moved.bytes += size(answer)))
    return feed
  }
  return remote
}

const pass = (from, to) => from.replicate.to(to, { batch_size: 1000 })

async function work(database, works) {
  for (const { id, fields, visit } of works) {
    await database.put({ ...(await database.get(id)), ...fields })
    await database.put({ ...visit, _id: visit.id, household: id })
  }
}

const endpoint = new PouchDB('endpoint', { adapter: 'memory' })
await endpoint.bulkDocs(input.village.flatMap(documents))
const phone = new PouchDB('phone', { adapter: 'memory' })
await pass(endpoint, phone)
await pass(phone, endpoint)

const begin = now()
const { rows } = await phone.allDocs({ include_docs: true })
const list = rows.filter(({ doc }) => doc.number).map(({ doc }) => doc.number)
const start = { ms: now() - begin, households: list.length }
const load = { bytes: brotli(Buffer.from(JSON.stringify(rows.map(({ doc }) => doc)))) }

const moved = { bytes: 0, rounds: 0 }
const remote = behindHttp(endpoint, moved)
const exchange = async () => {
  Object.assign(moved, { bytes: 0, rounds: 0 })
  await pass(phone, remote)
  await pass(remote, phone)
  return { ...moved }
}
await exchange()
const idle = await exchange()
const other = new PouchDB('other', { adapter: 'memory' })
await endpoint.replicate.to(other, { batch_size: 1000 })
await work(other, input.received)
await pass(other, endpoint)
await work(phone, input.sent)
const day = await exchange()
print({ load, idle, day, start })
