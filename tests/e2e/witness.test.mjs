// A foreign witness: documents that the endpoint exports are opened by Automerge's own JavaScript package, which finds the
// same values, differences included, and the same heads.
import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { test } from 'node:test'
import { Phone, Signal } from './harness.mjs'
import { exported, joinQuietly, prepare } from './people.mjs'
import { CODE, HEADS, invitation, village } from './village.mjs'

const A = createRequire(new URL('../../www/package.json', import.meta.url))('@automerge/automerge')
const NUMBERS = ['15400010001', '15400020002']

/** Writes one field of a household, as its editor does. */
async function write(ask, document, record, key, value) {
  const { view } = await ask({ type: 'record', document, record })
  await ask({ type: 'save_record', document, record, base: view.base, changes: [{ key, value }] })
}

/** Opened by the library alone. */
function opened(folder, { file, heads }) {
  const doc = A.load(readFileSync(join(folder, file)))
  assert.deepEqual(A.getHeads(doc).toSorted(), heads.toSorted(), file)
  return doc
}

test('Automerge itself finds the same values, the same differences and the same heads', async (t) => {
  const endpoint = await village(t)
  const browser = await Phone.open(t)
  const asks = []
  for (const [at, name] of ['李国强', '王芳'].entries()) {
    const signal = await Signal.open(t, endpoint)
    const page = at === 0 ? browser.page : await browser.context.newPage()
    const { code } = await invitation(endpoint, signal, name, 'leader')
    await prepare({ page, signal }, async (ask) => {
      await joinQuietly(ask, code)
      asks.push(ask)
    })
  }
  const { view } = await asks[0]({ type: 'households', query: '', chip: 'all', group: '', offset: 0, limit: 100 })
  const { id } = view.rows.find((row) => row.head === HEADS[0])
  const { id: other } = view.rows.find((row) => row.head === HEADS[1])
  // Both before either hears of the other.
  for (const [at, ask] of asks.entries()) await write(ask, id, 'own', 'phone', NUMBERS[at])
  await write(asks[0], other, 'own', 'address', '上坪12号')
  for (const turn of [0, 1, 0]) await asks[turn]({ type: 'sync_now' })

  const folder = join(endpoint.data, 'documents')
  await endpoint.must('export', '--village', CODE, '--what', 'documents', '--out', folder)
  const list = JSON.parse(readFileSync(join(folder, 'documents.json'), 'utf8'))
  assert.deepEqual(readdirSync(folder).sort(), [...list.map((one) => one.file), 'documents.json'].sort())
  const docs = new Map(list.map((one) => [one.document, opened(folder, one)]))
  for (const one of list) assert.equal(docs.get(one.document).kind.toString(), one.kind)
  assert.deepEqual([...new Set(list.map((one) => one.kind))].sort(), ['household', 'place', 'village'])

  // Every number, head and person is what the ledger says.
  const households = await exported(endpoint, CODE, 'households')
  const people = await exported(endpoint, CODE, 'people')
  assert.equal(list.filter((one) => one.kind === 'household').length, households.length)
  for (const row of households) {
    const doc = docs.get(row.id)
    assert.equal(String(doc.household.number), row.number)
    const names = Object.values(doc.persons).map((person) => String(person.name))
    const members = people.filter((person) => person.household_number === row.number)
    assert.deepEqual(names.sort(), members.map((person) => person.name).sort())
  }
  assert.equal(String(docs.get(other).household.address), '上坪12号')
  // The difference is there for whoever looks, with both values; nowhere else is one.
  const both = Object.values(A.getConflicts(docs.get(id).household, 'phone')).map(String)
  assert.deepEqual(both.sort(), NUMBERS)
  assert.equal(A.getConflicts(docs.get(other).household, 'address'), undefined)
  // Into a folder that holds something nothing is written.
  const again = await endpoint.run('export', '--village', CODE, '--what', 'documents', '--out', folder)
  assert.equal(again.code, 1)
  assert.match(again.stderr, /folder_not_empty/)
})
