// Real crashes at random moments: of the phone's browser while somebody saves, of the endpoint while a phone hands over.
// `cargo xtask crash --rounds N` plays more rounds than the few here.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as after } from 'node:timers/promises'
import { exported, go, prepare, synchronise } from './people.mjs'
import { CODE, joined, village, visitHousehold } from './village.mjs'

const ROUNDS = Number(process.env.BIANFANG_ROUNDS ?? 3)
/** Long enough for some saves, short enough for most crashes to fall into one. */
const ROUND_MS = 2500

/** Runs in the page: saves one visit after the other by its screens, and tells of each that it sees among the visits. */
function saveForEver(round) {
  const sees = (look) =>
    new Promise((resolve) => {
      const asking = () => (look() ? resolve(look()) : requestAnimationFrame(asking))
      asking()
    })
  const withWords = (selector, words) =>
    [...document.querySelectorAll(selector)].find((element) => element.textContent.includes(words))
  const work = async () => {
    for (let number = 1; ; number += 1) {
      const words = `第${round}轮第${number}次`
      ;(await sees(() => withWords('button', '开始入户') ?? withWords('button', '接着填入户'))).click()
      ;(await sees(() => withWords('.home-choice label', '有人'))).click()
      const said = await sees(() => withWords('label', '原话')?.control)
      said.value = words
      said.dispatchEvent(new Event('input'))
      ;(await sees(() => withWords('button', '保存'))).click()
      await sees(() => withWords('.visit-item', words))
      globalThis.saw(words)
    }
  }
  void work()
}

/** What the page of a household shows among its visits. */
async function shown(phone, path) {
  await go(phone, path, '.house-card')
  return phone.page.locator('.visit-item').allTextContents()
}

test(`every visit that the screen showed as saved outlives ${ROUNDS} killed browsers`, async (t) => {
  const endpoint = await village(t)
  const phone = await joined(t, endpoint, '王芳')
  const path = await visitHousehold(phone.page, phone.signal, '罗大山')
  await phone.signal.off()
  const saved = []
  for (let round = 1; round <= ROUNDS; round += 1) {
    await phone.page.exposeFunction('saw', (words) => saved.push(words))
    await go(phone, path, '.house-card')
    await phone.page.evaluate(saveForEver, round)
    const moment = Math.random() * ROUND_MS
    await after(moment)
    phone.page = await phone.phone.killAndRestart()
    const there = await shown(phone, path)
    const lost = saved.filter((words) => !there.some((text) => text.includes(words)))
    assert.deepEqual(lost, [], `round ${round}, killed after ${Math.round(moment)} ms`)
  }
  assert.ok(saved.length > 0)
  await phone.signal.on()
  await synchronise(phone)
  const arrived = (await exported(endpoint, CODE, 'visits')).map((row) => row.words)
  assert.deepEqual(saved.filter((words) => !arrived.includes(words)), [])
  assert.equal(new Set(arrived).size, arrived.length, 'none is there twice')
  t.diagnostic(`${ROUNDS} rounds, ${saved.length} visits shown as saved, ${arrived.length} stored, none lost`)
})

test(`everything that a phone calls uploaded outlives ${ROUNDS} killed endpoints`, async (t) => {
  const endpoint = await village(t)
  const phone = await joined(t, endpoint, '王芳')
  let number = 0
  const uploaded = []
  await prepare(phone, async (ask) => {
    await ask({ type: 'start', take_over: true })
    const { rows } = (await ask({ type: 'households', query: '', chip: 'all', group: '', offset: 0, limit: 1 })).view
    const save = async (words) => {
      const { draft } = (await ask({ type: 'visit_form', household: rows[0].id, visit: '' })).form
      await ask({ type: 'save_visit', draft: { ...draft, home: 'at_home', words }, finish: true, problems: [] })
    }
    for (let round = 1; round <= ROUNDS; round += 1) {
      let over = false
      const killed = after(Math.random() * ROUND_MS).then(() => endpoint.kill()).finally(() => (over = true))
      const waiting = []
      while (!over) {
        const words = `第${(number += 1)}次`
        await save(words)
        waiting.push(words)
        // It fails when the endpoint is gone, which is what this is about.
        const local = await ask({ type: 'sync_now' }).then(({ view }) => view.strip.local, () => undefined)
        if (local === 0) uploaded.push(...waiting.splice(0))
      }
      await killed
      await endpoint.start()
      const there = new Set((await exported(endpoint, CODE, 'visits')).map((row) => row.words))
      assert.deepEqual(uploaded.filter((words) => !there.has(words)), [], `round ${round}`)
      const { view } = await ask({ type: 'sync_now' })
      assert.equal(view.strip.local, 0)
      uploaded.push(...waiting)
    }
  })
  const there = (await exported(endpoint, CODE, 'visits')).map((row) => row.words)
  assert.deepEqual(there.toSorted(), uploaded.toSorted(), 'each once, and nothing else')
  assert.equal(uploaded.length, number)
  t.diagnostic(`${ROUNDS} rounds, ${number} visits called uploaded, none lost`)
})
