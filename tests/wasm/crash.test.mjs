// The browser is killed while it saves: whatever it had said to be saved is there, and nothing is there by half.
import assert from 'node:assert/strict'
import { readdirSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { end, makeProfile, openTab, startRemembering } from './browser.mjs'

const ROUNDS = 5
const ENTRIES = 20
const SIZE = 3_000

/** Saves batch after batch until the browser is killed; returns how many were said to be saved. */
async function saveUntilKilled(folder, origin, round) {
  const context = await startRemembering(folder)
  const tab = await openTab(context, origin)
  let acknowledged = 0
  // A different number of saves in each round, so that the kill falls between different steps.
  const enough = 3 + round * 5
  const reached = new Promise((resolve) => {
    tab.said = () => {
      acknowledged += 1
      if (acknowledged === enough) resolve()
    }
  })
  await tab.page.exposeFunction('said', () => tab.said())
  const worker = await tab.worker()
  const saving = worker.run(
    async (core, kept, round, entries, size) => {
      const store = new core.TrialStore('records', false)
      for (let save = 0; ; save += 1) {
        await store.save(`${round}/${save}`, entries, size, true)
        kept.say(save)
      }
    },
    round,
    ENTRIES,
    SIZE,
  )
  const ended = saving.catch(() => {})
  await reached
  // The whole browser at once, without any tidying up; so there is no answer.
  await end(context, killed)
  await ended
  return acknowledged
}

/** How many entries each save of this profile has, by `round/save`. */
async function whatIsThere(folder, origin) {
  const context = await startRemembering(folder)
  const worker = await (await openTab(context, origin)).worker()
  const entries = await worker.run((core) => new core.TrialStore('records', false).list(''))
  await end(context, closed)
  const saves = new Map()
  for (const entry of entries) {
    assert.ok(entry.endsWith(`=${SIZE}`), entry)
    const save = entry.split('/').slice(0, 2).join('/')
    saves.set(save, (saves.get(save) ?? 0) + 1)
  }
  return saves
}

/** Saves one batch for each name, then ends the browser; returns the names of all that is there. */
async function saveAndEnd(folder, origin, names, how) {
  const context = await startRemembering(folder)
  const worker = await (await openTab(context, origin)).worker()
  const entries = await worker.run(
    async (core, _kept, names, entries, size) => {
      const store = new core.TrialStore('records', false)
      for (const name of names) await store.save(name, entries, size, true)
      return store.list('')
    },
    names,
    ENTRIES,
    SIZE,
  )
  await end(context, how)
  return new Set(entries.map((entry) => entry.split('/')[0]))
}

const killed = (session) => void session.send('Browser.crash').catch(() => {})
const closed = (_session, context) => context.close()

/** Cuts off the end of the log in which Chromium keeps its databases, as a kill in the middle of a record does. */
function tear(folder, bytes) {
  const databases = join(folder, 'Default', 'IndexedDB')
  const database = join(databases, readdirSync(databases).find((name) => name.endsWith('.leveldb')))
  const log = join(database, readdirSync(database).find((name) => name.endsWith('.log')))
  truncateSync(log, statSync(log).size - bytes)
}

export const tests = {
  'crash: what a kill tears costs nothing but itself': async ({ origin }) => {
    const profile = await makeProfile()
    await saveAndEnd(profile.folder, origin, ['a', 'b', 'torn'], killed)
    // The last record, and of it only the end; behind it stands what the browser writes when it tidies up.
    tear(profile.folder, SIZE / 2)
    // Twice: what is appended behind a torn record is found damaged only at the opening after that.
    assert.deepEqual(await saveAndEnd(profile.folder, origin, ['c'], closed), new Set(['a', 'b', 'c']))
    assert.deepEqual(await saveAndEnd(profile.folder, origin, ['d'], closed), new Set(['a', 'b', 'c', 'd']))
    await profile.remove()
  },

  'crash: every acknowledged save survives a killed browser, and each is whole': async ({ origin }) => {
    const profile = await makeProfile()
    const promised = []
    for (let round = 0; round < ROUNDS; round += 1) {
      const acknowledged = await saveUntilKilled(profile.folder, origin, round)
      for (let save = 0; save < acknowledged; save += 1) promised.push(`${round}/${save}`)
      const saves = await whatIsThere(profile.folder, origin)
      const lost = promised.filter((save) => !saves.has(save))
      assert.deepEqual(lost, [], `lost after round ${round}`)
      const torn = [...saves].filter(([, entries]) => entries !== ENTRIES)
      assert.deepEqual(torn, [], `torn after round ${round}`)
    }
    await profile.remove()
  },
}
