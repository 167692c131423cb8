// 备份 carried by hand: one phone has no signal and makes a file, a colleague's opens it and shows what is in it.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { folder } from './harness.mjs'
import { checkCode, exported, go, save, synchronise } from './people.mjs'
import { CODE, HEADS, joined, village, visitHousehold } from './village.mjs'

async function address(phone, path, words) {
  await go(phone, `${path}/edit/own?field=address`, '[data-field="address"] input')
  await phone.page.locator('[data-field="address"] input').first().fill(words)
  await save(phone.page).click()
  await phone.page.locator('.house-card').waitFor()
}

/** The page over the list of 我的. */
const pane = ({ page }) => page.locator('.detail-pane')

/** 我的 → 备份 → 做备份文件 → 存到手机; the file as it was stored. */
async function made(phone) {
  await go(phone, '/mine', '.safe')
  await phone.page.getByRole('button', { name: /^备份/ }).click()
  await phone.page.getByRole('button', { name: '做备份文件' }).click()
  const stored = phone.page.waitForEvent('download')
  await phone.page.getByRole('button', { name: '存到手机' }).click()
  const download = await stored
  await pane(phone).getByText('都已备份').waitFor()
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') }
}

async function open(phone, path) {
  await go(phone, '/rescue', '.detail-pane .menu-card')
  const chooser = phone.page.waitForEvent('filechooser')
  await phone.page.getByRole('button', { name: '打开备份文件' }).click()
  await (await chooser).setFiles(path)
}

test('a file made without signal shows on a colleague\'s phone, is passed on, and says what is damaged', async (t) => {
  const endpoint = await village(t)
  const one = await joined(t, endpoint, '王芳')
  const two = await joined(t, endpoint, '张伟', { role: 'member' })
  const paths = []
  for (const head of HEADS.slice(0, 2)) paths.push(await visitHousehold(one.page, one.signal, head))
  for (const phone of [one, two]) await phone.signal.off()
  await address(one, paths[0], '上坪')
  await address(one, paths[1], '下坪')

  // Nothing may be left behind: leaving is refused until the file is in somebody's hands.
  await go(one, '/rescue', '.detail-pane .menu-card')
  await pane(one).getByText('还有 2 条只在本机').waitFor()
  await pane(one).getByText('同步或备份以后才能退出').waitFor()
  const { name, text } = await made(one)
  assert.match(name, /^遍访备份-\d{4}-\d\d-\d\d-[0-9A-Z]{6}\.txt$/)
  assert.ok(!text.includes('上坪') && !text.includes('王芳'), 'nothing of it can be read')
  assert.equal(await pane(one).getByText('才能退出').count(), 0)

  const files = folder(t)
  const whole = join(files, name)
  writeFileSync(whole, text)
  const broken = join(files, '坏的.txt')
  const mark = text.indexOf('-----BIANFANG 2/')
  writeFileSync(broken, `${text.slice(0, mark + 60)}****${text.slice(mark + 64)}`)
  const other = join(files, '别的.txt')
  writeFileSync(other, '您好')

  await open(two, other)
  await pane(two).getByText('这不是遍访的备份文件').waitFor()
  await open(two, broken)
  await pane(two).getByText(/读不出来/).waitFor()
  for (const head of HEADS.slice(0, 2)) await pane(two).getByText(new RegExp(`缺：${head}`)).waitFor()
  await open(two, whole)
  await pane(two).getByText(/已打开王芳的备份/).waitFor()
  await pane(two).getByText('新收 2 条，原来就有 0 条。').waitFor()
  await open(two, whole)
  await pane(two).getByText('新收 0 条，原来就有 2 条。').waitFor()
  for (const [at, words] of ['上坪', '下坪'].entries()) {
    await go(two, paths[at], '.house-card')
    await pane(two).getByText(words).first().waitFor()
  }

  // The phone that made it is given up; nothing of it is missing.
  await go(one, '/rescue', '.detail-pane .menu-card')
  await pane(one).getByRole('button', { name: '退出本村' }).click()
  await one.page.locator('.confirm-buttons').getByRole('button', { name: '退出本村' }).click()
  await one.page.locator('.code-input').waitFor()
  await two.signal.on()
  await synchronise(two)
  const rows = await exported(endpoint, CODE, 'households')
  assert.deepEqual(rows.map((row) => row.address).filter(Boolean).sort(), ['上坪', '下坪'])
  assert.notEqual(await checkCode(two), '')
})
