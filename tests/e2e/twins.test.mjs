// 疑似重复户 and 作废, on two phones without signal: joined, told apart, undone; and nothing that was written is lost.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from './harness.mjs'
import { exported, go, register, synchronise, visit, write } from './people.mjs'
import { CODE, idNumber, joined, village, visitHousehold } from './village.mjs'

const button = (page, name) => page.getByRole('button', { name })

/** Two people of one team; both can work without signal. */
async function two(t) {
  const endpoint = await village(t)
  const wang = await joined(t, endpoint, '王芳')
  const li = await joined(t, endpoint, '李国强', { role: 'member' })
  return { endpoint, wang, li }
}

/** Both register one family while they have no signal, each with a visit. */
async function registeredTwice(t) {
  const { endpoint, wang, li } = await two(t)
  const paths = []
  for (const [phone, words] of [[wang, '王芳去的'], [li, '李国强去的']]) {
    await phone.signal.off()
    paths.push(await register(phone, '向阳', '1组', idNumber('19700101', 401)))
    await visit(phone, words)
    await phone.signal.on()
  }
  await synchronise(wang)
  await synchronise(li)
  await synchronise(wang)
  return { endpoint, wang, li, paths }
}

/** From 待核对 to the two side by side. */
async function sideBySide(phone) {
  await go(phone, '/differences', '.twin-line')
  await phone.page.locator('.twin-line').first().click()
  await phone.page.locator('.compare-sides').waitFor()
}

/** Rows of 农户 that a search finds. */
async function found(phone, head) {
  await go(phone, '/households', '.house-row')
  await phone.page.getByRole('searchbox').fill(head)
  await phone.page.locator('.house-row', { hasText: head }).first().waitFor()
  await phone.page.locator('.house-row', { hasText: '覃秀英' }).waitFor({ state: 'detached' })
  return phone.page.locator('.house-row').count()
}

/** Writes why, and presses the button of the sheet. */
async function because(page, label, reason, name) {
  await page.getByLabel(label).fill(reason)
  await page.locator('.sheet, [role="dialog"]').getByRole('button', { name, exact: true }).click()
  await page.getByLabel(label).waitFor({ state: 'detached' })
}

test('a family registered on two phones is joined without signal, counts once everywhere, and comes apart again', async (t) => {
  const { endpoint, wang, li, paths } = await registeredTwice(t)
  for (const phone of [wang, li]) {
    await go(phone, '/differences', '.twin-line')
    assert.equal(await phone.page.locator('.twin-line').count(), 1, 'listed once')
    assert.equal(await found(phone, '向阳'), 2)
  }
  await li.signal.off()
  await sideBySide(li)
  await li.page.locator('.compare-alike', { hasText: '家庭成员' }).waitFor()
  await li.page.locator('.compare-field', { hasText: '走访' }).waitFor()
  await button(li.page, '合并记录').click()
  await li.page.locator('.compare-state.same').waitFor()
  assert.equal(await found(li, '向阳'), 1)
  await li.signal.on()
  await synchronise(li)
  await synchronise(wang)
  const kept = paths.map((path) => path.slice('/h/'.length)).sort()[0]
  for (const phone of [wang, li]) {
    assert.equal(await found(phone, '向阳'), 1)
    await go(phone, `/h/${kept}`, '.visit-item')
    for (const words of ['王芳去的', '李国强去的']) await phone.page.locator('.visit-item', { hasText: words }).waitFor()
    await phone.page.getByText('李国强').first().waitFor()
    await phone.page.getByText('同一家的几份记录都在这一页').waitFor()
  }
  // 那天的样子 of today shows both records, with what stood in either.
  await go(li, `/h/${kept}/on/${new Intl.DateTimeFormat('sv', { timeZone: 'Asia/Shanghai' }).format()}`, '.past-part')
  for (const words of ['王芳去的', '李国强去的']) await li.page.locator('.visit-item', { hasText: words }).waitFor()
  const households = await exported(endpoint, CODE, 'households')
  const counted = households.filter((row) => row.head === '向阳' && row.active === '是')
  assert.deepEqual(counted.map((row) => [row.id, row.people, row.visits]), [[kept, 1, 2]])
  // 撤销合并, with a reason.
  await wang.page.getByRole('link', { name: '撤销合并' }).click()
  await button(wang.page, '撤销合并').click()
  await because(wang.page, '为什么撤销', '是两兄弟', '撤销')
  await button(wang.page, '不是同一户').click()
  await wang.page.locator('.compare-state.apart').waitFor()
  await synchronise(wang)
  await synchronise(li)
  assert.equal(await found(li, '向阳'), 2)
  await go(li, paths[0], '.house-card')
  // The families are no hint any more; that one person heads both is asked next.
  await li.page.locator('.twin-card', { hasText: '疑似重复的人' }).waitFor()
  assert.equal(await li.page.locator('.twin-card').count(), 1)
})

test('one joins and one tells apart without signal: both see it, and one decision more ends it', async (t) => {
  const { wang, li } = await registeredTwice(t)
  for (const [phone, name] of [[wang, '合并记录'], [li, '不是同一户']]) {
    await go(phone, '/households', '.house-row')
    await phone.signal.off()
    await sideBySide(phone)
    await button(phone.page, name).click()
    await phone.page.locator('.compare-state').waitFor()
  }
  await wang.signal.on()
  await li.signal.on()
  for (const phone of [wang, li, wang]) await synchronise(phone)
  for (const phone of [wang, li]) {
    await sideBySide(phone)
    const state = phone.page.locator('.compare-state.disputed')
    for (const name of ['王芳', '李国强']) await state.getByText(name).waitFor()
  }
  await button(li.page, '合并记录').click()
  await li.page.locator('.compare-state.same').waitFor()
  await synchronise(li)
  await synchronise(wang)
  await go(wang, '/differences', '.detail-pane .strong, .empty')
  assert.equal(await wang.page.locator('.twin-line').count(), 0)
})

test('a person withdrawn on one phone while another one edits the phone number: the edit is shown, and decided (AT 1.11)', async (t) => {
  const { wang, li } = await two(t)
  const path = await visitHousehold(wang.page, wang.signal, '罗大山')
  const person = wang.page.locator('.person', { hasText: '小宝' })
  const record = new URL(await person.getByRole('link').first().getAttribute('href'), wang.signal.url).pathname.split('/edit/')[1]
  await li.signal.off()
  await go(li, `${path}/edit/${record}`, '.edit-section')
  await button(li.page, '作废这条记录').click()
  await because(li.page, '为什么作废', '录重了', '作废')
  await li.page.locator('.house-card').waitFor()
  await li.page.locator('.fold', { hasText: '已不在户内的人' }).waitFor()
  await wang.signal.off()
  await write(wang, path, 'phone', '15400000077', record)
  await wang.signal.on()
  await li.signal.on()
  for (const phone of [wang, li, wang]) await synchronise(phone)
  for (const phone of [wang, li]) {
    await go(phone, path, '.contested-card')
    const card = phone.page.locator('.contested-card')
    for (const words of ['罗小宝', '录重了', '15400000077', '王芳']) await card.getByText(words).first().waitFor()
    await go(phone, '/differences', '.contested-card')
  }
  await button(wang.page, '撤回作废').click()
  await wang.page.locator('.contested-card').waitFor({ state: 'detached' })
  await synchronise(wang)
  await synchronise(li)
  await go(li, path, '.person')
  await li.page.locator('.person', { hasText: '罗小宝' }).waitFor()
  assert.equal(await li.page.locator('.contested-card').count(), 0)
})

test('a household and a problem are withdrawn from their pages with a reason, stay readable, and come back', async (t) => {
  const { wang } = await two(t)
  const path = await visitHousehold(wang.page, wang.signal, '田德贵')
  await visit(wang, '看漏雨', async (page) => {
    await page.getByRole('button', { name: '记一个问题' }).click()
    await page.locator('.finding-draft .chip', { hasText: '住房' }).click()
    await page.locator('.finding-draft textarea').fill('屋顶漏雨')
  })
  await go(wang, path, '.detail-pane .finding')
  await wang.page.getByRole('link', { name: /看这个问题 屋顶漏雨/ }).first().click()
  await wang.page.locator('.page-head').getByRole('button', { name: '问题的更多操作' }).click()
  await wang.page.locator('.menu-item', { hasText: '作废' }).click()
  await wang.page.locator('[data-field="reason"] textarea').fill('写错了户')
  await button(wang.page, '作废').click()
  await wang.page.locator('.step-item', { hasText: '写错了户' }).waitFor()
  await go(wang, path, '.house-card')
  await wang.page.locator('.fold', { hasText: '已作废的问题' }).locator('summary').click()
  await wang.page.locator('.fold .finding p:not(.finding-links)', { hasText: '屋顶漏雨' }).waitFor()
  // What became of the problem stands in the 修改记录 of its household, and by itself.
  await go(wang, `${path}/history`, '.history-item')
  const told = wang.page.locator('.history-item', { hasText: '问题：屋顶漏雨' })
  await told.nth(1).waitFor()
  assert.match(await told.last().innerText(), /走访[\s\S]*新增[\s\S]*问题类别：住房/)
  assert.ok((await wang.page.locator('.history-item').count()) > (await told.count()))
  await told.first().getByRole('link', { name: '问题：屋顶漏雨' }).click()
  await wang.page.getByText('看全户的修改记录').waitFor()
  await until('the problem alone', async () => (await wang.page.locator('.history-item').count()) === (await told.count()))
  await go(wang, path, '.house-card')
  await button(wang.page, '这一户的更多操作').click()
  await button(wang.page, '作废这一户').click()
  await because(wang.page, '为什么作废', '不是本村的', '作废')
  await wang.page.locator('.void-card', { hasText: '不是本村的' }).waitFor()
  await wang.page.locator('.visit-item', { hasText: '看漏雨' }).waitFor()
  await go(wang, '/households', '.house-row')
  await wang.page.locator('.house-row', { hasText: '罗大山' }).waitFor()
  assert.equal(await wang.page.locator('.house-row', { hasText: '田德贵' }).count(), 0)
  await go(wang, path, '.void-card')
  await button(wang.page, '撤回作废').click()
  await wang.page.locator('.void-card').waitFor({ state: 'detached' })
  await go(wang, '/households', '.house-row')
  await wang.page.locator('.house-row', { hasText: '田德贵' }).waitFor()
})
