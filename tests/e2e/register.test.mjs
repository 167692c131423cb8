// Keeping the register by the screens: people, families, pairings, visits put right, and colleagues invited.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Phone } from './harness.mjs'
import { chip, exported, go, register, save, synchronise, visit } from './people.mjs'
import { CODE, idNumber, joined, village, visitHousehold } from './village.mjs'

test('an ID number fills sex and birth date, and a family without a number stands as 待编号', async (t) => {
  const endpoint = await village(t)
  const phone = await joined(t, endpoint, '王芳')
  const { page } = phone
  const path = await register(phone, '龙新来', '2组')
  await page.locator('.detail-pane').getByText('待编号').first().waitFor()
  await page.locator('.person', { hasText: '龙新来' }).getByText('没有证号').waitFor()
  await page.locator('.person', { hasText: '龙新来' }).getByRole('link', { name: '编辑' }).click()
  await page.locator('[data-field="id_no"] input').fill(idNumber('19850906', 342))
  await page.locator('[data-field="sex"] label.chip.on', { hasText: '女' }).waitFor()
  await page.waitForFunction(() => document.querySelector('[data-field="birth"] input')?.value === '1985-09-06')
  await save(page).click()
  await page.locator('.house-card').waitFor()
  assert.match(await page.locator('.person', { hasText: '龙新来' }).innerText(), /女/)
  await synchronise(phone)
  const rows = (await exported(endpoint, CODE, 'people')).filter((row) => row.household === path.split('/').at(-1))
  assert.deepEqual(rows.map((row) => [row.name, row.sex, row.birth]), [['龙新来', '女', '1985-09-06']])
})

test('a saved visit is corrected, then withdrawn with a reason, and stays readable', async (t) => {
  const endpoint = await village(t)
  const phone = await joined(t, endpoint, '王芳')
  const { page } = phone
  await visitHousehold(page, phone.signal, '田德贵')
  await visit(phone, '写错的话')
  const item = page.locator('.visit-item')
  await item.locator('summary').click()
  await item.getByRole('button', { name: '更正' }).click()
  await page.getByLabel('原话').fill('更正的话')
  await save(page).click()
  await page.locator('.visit-item', { hasText: '更正的话' }).waitFor()
  assert.equal(await item.count(), 1, 'the same visit')
  await item.locator('summary').click()
  await item.getByRole('button', { name: '作废' }).click()
  await page.getByLabel(/为什么作废/).fill('走错了人家')
  await page.getByRole('dialog').getByRole('button', { name: '作废' }).click()
  await item.locator('summary', { hasText: '已作废' }).waitFor()
  await go(phone, '/coverage', '.coverage-number')
  assert.match(await page.locator('.coverage-number').innerText(), /^0\/6/)
  await synchronise(phone)
})

test('the leader pairs a household with herself, and her paired visits are counted', async (t) => {
  const endpoint = await village(t)
  const phone = await joined(t, endpoint, '王芳')
  const { page } = phone
  const path = await visitHousehold(page, phone.signal, '向玉兰')
  await go(phone, `${path}/pairing`, '.detail-pane label.chip')
  await chip(page, '王芳').click()
  await save(page).click()
  await page.getByText('已存好').first().waitFor()
  await go(phone, path, '.house-card')
  await page.locator('.detail-pane .page-body').getByText(/王芳/).first().waitFor()
  await visit(phone, '结对去的')
  await go(phone, '/coverage', '.coverage-number')
  await page.locator('.visitor', { hasText: '王芳' }).getByText(/结对 1 户/).waitFor()
  assert.match(await page.locator('.coverage-number').innerText(), /^1\/6/)
})

test('the leader invites a colleague from 我的, who joins with the code', async (t) => {
  const endpoint = await village(t)
  const phone = await joined(t, endpoint, '王芳')
  const { page } = phone
  await go(phone, '/mine', '.safe')
  await page.getByRole('button', { name: '邀请队员' }).click()
  await page.getByLabel('姓名').fill('李建国')
  await chip(page, '队员').click()
  await page.getByRole('button', { name: '生成邀请' }).click()
  const code = await page.locator('.invite-made .check-code').innerText()
  const other = await Phone.open(t)
  await other.page.goto(phone.signal.url)
  await other.page.getByLabel('请填邀请码').fill(code)
  await other.page.getByRole('button', { name: '看看邀请' }).click()
  await other.page.getByText('王芳', { exact: true }).waitFor()
  await other.page.getByRole('button', { name: '我是李建国，加入' }).click()
  await other.page.locator('.meters').waitFor()
  await synchronise(phone)
  await page.locator('.team-list li', { hasText: '李建国' }).waitFor()
})
