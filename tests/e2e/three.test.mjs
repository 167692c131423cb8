// Three people of one team change the same households without signal, and synchronise in each of the six orders: all
// phones and the endpoint come to the same, with nothing missing. Scenario 1 of the requirements, up to the notice.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Phone, Signal, appStored } from './harness.mjs'
import {
  checkCode, chip, exported, go, joinQuietly, prepare, problem, register, save, synchronise, visit, write,
} from './people.mjs'
import { CODE, HEADS, idNumber, invitation, village } from './village.mjs'

const ORDERS = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
const TEAM = [['李国强', 'leader'], ['王芳', 'member'], ['张伟', 'member']]
const YEAR = new Date().getFullYear()
const EARLIER = 5

/** The three phones: pages of one browser, each on an origin of its own with storage of its own. */
async function team(t, endpoint) {
  const browser = await Phone.open(t)
  const phones = []
  for (const [at, [name, role]] of TEAM.entries()) {
    const signal = await Signal.open(t, { port: endpoint.port })
    const page = at === 0 ? browser.page : await browser.context.newPage()
    const { code } = await invitation(endpoint, signal, name, role)
    phones.push({ page, signal, name, code })
  }
  return phones
}

/** The leader is paired with every household, and has visited each five times this year. */
async function before(ask) {
  const { view } = await ask({ type: 'households', query: '', chip: 'all', group: '', offset: 0, limit: 100 })
  const me = (await ask({ type: 'mine' })).view.me.id
  for (const { id } of view.rows) {
    await ask({ type: 'save_pairing', household: id, group: '', pairing: '', base: '', member: me, from: `${YEAR}-01-01`, to: '' })
    for (let day = 1; day <= EARLIER; day += 1) {
      const { form } = await ask({ type: 'visit_form', household: id, visit: '' })
      const draft = { ...form.draft, on: `${YEAR}-01-0${day}`, kind: '结对走访', home: 'at_home' }
      await ask({ type: 'save_visit', draft, finish: true, problems: [] })
    }
  }
  await ask({ type: 'sync_now' })
  return new Map(view.rows.map((row) => [row.head, `/h/${row.id}`]))
}

/** What each does at one household, as people do it; `round` makes the values differ. */
const DEEDS = [
  async (phone, path, round) => {
    await write(phone, path, 'phone', `1540001000${round}`)
    await visit(phone, `李国强去的第${round}户`, async (page) => {
      await page.locator('.visit-more summary').click()
      await chip(page, '结对走访').click()
      await problem(page, '住房', `灶房墙开裂${round}`)
    })
    await assess(phone, path, '墙柱', 'c')
  },
  async (phone, path, round, persons) => {
    await write(phone, path, 'phone', `1540002000${round}`)
    await visit(phone, `王芳去的第${round}户`)
    await choose(phone, path, `persons/${persons[1]}`, 'health', '长期慢性病')
    await choose(phone, path, `persons/${persons[2]}`, `insured/${YEAR}`, '居民')
    await write(phone, path, 'phone', `1540003000${round}`, `persons/${persons[3]}`)
    await register(phone, `新户${round}王`, '1组', idNumber('19700101', 400 + round))
    await visit(phone, `王芳去的新户${round}`)
  },
  async (phone, path, round, persons) => {
    await choose(phone, path, `persons/${persons[1]}`, 'health', '残疾')
    await assess(phone, path, '梁', 'd')
    await go(phone, `${path}/event`, '.detail-pane .chip')
    await chip(phone.page, /^\s*迁出\s*$/).click()
    await chip(phone.page, '小宝').click()
    await save(phone.page).click()
    await phone.page.locator('.house-card').waitFor()
    await withdraw(phone, `${path}/edit/persons/${persons[3]}`, '录重了')
    await register(phone, `新户${round}张`, '1组', idNumber('19700101', 400 + round))
    await visit(phone, `张伟去的新户${round}`)
  },
]

/** A part of the house is judged, from which its grade follows. */
async function assess(phone, path, part, words) {
  await go(phone, `${path}/edit/assessments/housing`, '[data-field="on"]')
  await phone.page.locator(`[data-field="component/${part}"] label.chip`, { hasText: words }).click()
  await save(phone.page).click()
  await phone.page.locator('.house-card').waitFor()
}

/** 作废, with a reason. */
async function withdraw(phone, path, reason) {
  await go(phone, path, '.edit-section')
  await phone.page.getByRole('button', { name: '作废这条记录' }).click()
  await phone.page.getByLabel('为什么作废').fill(reason)
  await phone.page.locator('.sheet, [role="dialog"]').getByRole('button', { name: '作废', exact: true }).click()
  await phone.page.locator('.house-card').waitFor()
}

/** Joins the two records of a new family, and looks on every phone whether both visits stand on one page. */
async function join(phones, round) {
  const [page] = phones.map((phone) => phone.page)
  await go(phones[0], '/differences', '.twin-line')
  await page.locator('.twin-line', { hasText: `新户${round}` }).first().click()
  await page.locator('.compare-sides').waitFor()
  await page.getByRole('button', { name: '合并记录' }).click()
  await page.locator('.compare-state.same').waitFor()
  for (const phone of phones) await synchronise(phone)
  for (const phone of phones) {
    await go(phone, '/households', '.house-row')
    const rows = phone.page.locator('.house-row', { hasText: `新户${round}` })
    await rows.first().click()
    for (const name of ['王芳', '张伟']) {
      await phone.page.locator('.visit-item', { hasText: `${name}去的新户${round}` }).waitFor()
    }
  }
}

async function choose(phone, path, record, field, words) {
  await go(phone, `${path}/edit/${record}?field=${field}`, `[data-field="${field}"] label.chip`)
  await phone.page.locator(`[data-field="${field}"] label.chip`, { hasText: words }).click()
  await save(phone.page).click()
  await phone.page.locator('.house-card').waitFor()
}

/** What a phone shows of a household. */
async function seen(phone, path) {
  await go(phone, path, '.visit-item')
  return phone.page.locator('.detail-pane .page-body').innerText()
}

test('three people, six orders of synchronising: everybody has the same, and nothing is missing', async (t) => {
  const endpoint = await village(t, HEADS, { sons: true })
  const phones = await team(t, endpoint)
  let paths
  for (const [at, phone] of phones.entries()) {
    await prepare(phone, async (ask) => {
      await joinQuietly(ask, phone.code)
      if (at === 0) paths = await before(ask)
    })
  }
  const people = await exported(endpoint, CODE, 'people')
  const persons = (head) => people.filter((row) => row.head === head).map((row) => row.id)
  for (const phone of phones) {
    await synchronise(phone)
    await appStored(phone.page)
  }

  for (const [at, order] of ORDERS.entries()) {
    const round = at + 1
    const path = paths.get(HEADS[at])
    await t.test(`order ${order.map((one) => TEAM[one][0]).join(', ')}`, async () => {
      for (const { signal } of phones) await signal.off()
      for (const [one, phone] of phones.entries()) await DEEDS[one](phone, path, round, persons(HEADS[at]))
      for (const one of order) {
        await phones[one].signal.on()
        await synchronise(phones[one])
      }
      // Again, for what others sent after one's own turn.
      for (const one of order) await synchronise(phones[one])

      const codes = []
      for (const phone of phones) codes.push(await checkCode(phone))
      assert.equal(new Set(codes).size, 1, codes.join(' '))
      for (const phone of phones) {
        const text = await seen(phone, path)
        // AT 1.1, 1.5: both numbers with their authors.
        const differs = await phone.page.locator('.differs-card', { hasText: '联系电话' }).innerText()
        for (const words of [`1540001000${round}`, `1540002000${round}`, '李国强', '王芳', '联系电话']) {
          assert.ok(differs.includes(words), `${phone.name}: ${words} in ${differs}`)
        }
        // AT 1.4: both grades with who judged, and both assessments.
        const grades = await phone.page.locator('.differs-card', { hasText: '住房等级' }).innerText()
        for (const words of ['\nC\n', '\nD\n', '李国强', '张伟']) {
          assert.ok(grades.includes(words), `${phone.name}: ${words} in ${grades}`)
        }
        // AT 1.2: all seven visits.
        assert.equal(await phone.page.locator('.visit-item').count(), EARLIER + 2)
        assert.ok(text.includes(`灶房墙开裂${round}`), text)
        // AT 1.3: both, and not 健康. AT 1.6: moved out, and insured.
        const health = await phone.page.locator('.person', { hasText: '桂花' }).locator('.fold p').textContent()
        assert.deepEqual(health.split('、').sort(), ['残疾', '长期慢性病'].sort())
        const gone = phone.page.locator('.person', { hasText: '小宝' })
        assert.match(await gone.textContent(), /迁出/)
        assert.match(await gone.textContent(), /居民/)
        // AT 1.11: withdrawn on one phone, edited on another: both are told.
        const contested = await phone.page.locator('.contested-card').innerText()
        for (const words of ['满仓', '录重了', `1540003000${round}`, '王芳', '张伟']) {
          assert.ok(contested.includes(words), `${phone.name}: ${words} in ${contested}`)
        }
        // AT 1.10: two documents, each naming the other once as certainly the same family.
        await go(phone, '/households', '.house-row')
        await phone.page.locator('.house-row', { hasText: `新户${round}王` }).click()
        await phone.page.getByText('肯定是同一家').waitFor()
        assert.equal(await phone.page.getByText('肯定是同一家').count(), 1)
        await phone.page.locator('.twin-card .house-row', { hasText: `新户${round}张` }).waitFor()
      }
      // AT 1.10, joined: both visits under the household that is kept.
      await join(phones, round)
    })
  }

  // AT 1.9: the leader judges again. One grade is left on every phone, and every assessment is kept.
  const first = paths.get(HEADS[0])
  await assess(phones[0], first, '梁', 'd')
  await synchronise(phones[0])
  for (const phone of phones.slice(1)) {
    await synchronise(phone)
    await seen(phone, first)
    await phone.page.locator('.differs-card', { hasText: '联系电话' }).waitFor()
    assert.equal(await phone.page.locator('.differs-card', { hasText: '住房等级' }).count(), 0)
    assert.equal(await phone.page.locator('.record-item', { hasText: '住房鉴定' }).count(), 3)
  }

  // The endpoint has the same: every visit, finding and family.
  const visits = await exported(endpoint, CODE, 'visits')
  assert.equal(visits.length, 6 * (EARLIER + 2) + 12)
  assert.equal((await exported(endpoint, CODE, 'findings')).length, 6)
  assert.equal((await exported(endpoint, CODE, 'households')).length, 6 + 12)
  const health = (await exported(endpoint, CODE, 'people')).filter((row) => row.name.endsWith('桂花')).map((row) => row.health)
  for (const one of health) assert.deepEqual(String(one).split('、').sort(), ['残疾', '长期慢性病'].sort())

  // S129: six paired visits each; those of others do not count.
  await go(phones[1], '/coverage', '.coverage-sum')
  await chip(phones[1].page, '今年').click()
  await phones[1].page.getByText('结对 6 户，走访次数够的 6 户').waitFor()
  await phones[1].page.locator('.visitor', { hasText: '李国强' }).getByText(/结对走访\s*36/).waitFor()
})
