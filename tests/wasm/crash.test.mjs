// The browser is killed while it saves: whatever it had said to be saved is there, and nothing is there by half.
import assert from 'node:assert/strict'
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
  await end(context, (session) => void session.send('Browser.crash').catch(() => {}))
  await ended
  return acknowledged
}

/** How many entries each save of this profile has, by `round/save`. */
async function whatIsThere(folder, origin) {
  const context = await startRemembering(folder)
  const worker = await (await openTab(context, origin)).worker()
  const entries = await worker.run((core) => new core.TrialStore('records', false).list(''))
  await end(context, () => context.close())
  const saves = new Map()
  for (const entry of entries) {
    assert.ok(entry.endsWith(`=${SIZE}`), entry)
    const save = entry.split('/').slice(0, 2).join('/')
    saves.set(save, (saves.get(save) ?? 0) + 1)
  }
  return saves
}

export const tests = {
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
