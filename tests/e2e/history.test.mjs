// Who changed what, how a household was on a day, and where each piece of work is: on two phones.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { joined, village, visitHousehold } from './village.mjs'

const save = (page) => page.getByRole('button', { name: '保存' })
const standings = (page) => page.locator('.detail-pane .standing')

/** [立即同步] on 我的, and all of it is through. */
async function sync({ page, signal }) {
  await page.goto(`${signal.url}/mine`)
  await page.getByRole('button', { name: '立即同步' }).click()
  await page.getByText('全部已上传').waitFor()
  await page.getByRole('button', { name: '立即同步' }).waitFor()
}

/** Every mark on the page says this state. */
async function allAre(page, count, state, words) {
  await page.locator(`.detail-pane .standing[data-state="${state}"]`).nth(count - 1).waitFor()
  assert.deepEqual(new Set(await standings(page).allInnerTexts()), new Set([words]))
}

test('a visit and a corrected person are 只在本机, then 已上传, then 队友已收到', async (t) => {
  const endpoint = await village(t)
  const wang = await joined(t, endpoint, '王芳')
  const li = await joined(t, endpoint, '李建国', { role: 'member' })
  const { page, signal } = wang
  await sync(wang)
  const path = await visitHousehold(page, signal, '罗大山')
  await signal.off()
  await page.getByRole('button', { name: '开始入户' }).click()
  await page.locator('.home-choice label', { hasText: '家里没人' }).click()
  await save(page).click()
  await page.locator('.visit-item').waitFor()
  await page.locator('.person', { hasText: '罗桂花' }).getByRole('link', { name: /编辑/ }).click()
  await page.locator('[data-field="name"] input').fill('罗桂华')
  await save(page).click()
  await page.locator('.person', { hasText: '罗桂华' }).waitFor()
  await allAre(page, 2, 'local', '只在本机')
  assert.equal(await page.locator('.person', { hasText: '罗大山' }).locator('.standing').count(), 0)

  await signal.on()
  await sync(wang)
  await page.goto(`${signal.url}${path}`)
  // The household as a whole says it too, and who lacks it.
  await allAre(page, 3, 'uploaded', '已上传，队友 0/1 已收到')
  await page.locator('.house-card').getByText('还没收到的队友：李建国').waitFor()

  // A phone proves with the next request what it has stored.
  await sync(li)
  await sync(li)
  await sync(wang)
  await page.goto(`${signal.url}${path}`)
  await allAre(page, 3, 'received', '队友已收到')
  assert.equal(await page.getByText('还没收到的队友').count(), 0)

  // Who only received it has nothing to show.
  await li.page.goto(`${li.signal.url}${path}`)
  await li.page.locator('.person', { hasText: '罗桂华' }).waitFor()
  assert.equal(await standings(li.page).count(), 0)
})

test('改过 leads to the history of one field, and a day to the household as it was', async (t) => {
  const endpoint = await village(t)
  const wang = await joined(t, endpoint, '王芳')
  const { page, signal } = wang
  const path = await visitHousehold(page, signal, '覃秀英')
  for (const number of ['15400001111', '15400002222']) {
    await page.goto(`${signal.url}${path}/edit/own?field=phone`)
    await page.locator('[data-field="phone"] input').fill(number)
    await save(page).click()
    await page.locator('.house-card', { hasText: number }).waitFor()
  }
  await sync(wang)
  await page.goto(`${signal.url}${path}`)
  await page.getByRole('link', { name: '联系电话的修改记录' }).click()
  const rows = page.locator('.history-item')
  await rows.nth(2).waitFor()
  assert.equal(await rows.count(), 3)
  assert.match(await rows.first().innerText(), /15400001111[\s\S]*→[\s\S]*15400002222/)
  await rows.first().locator('.details summary').click()
  const received = rows.first().locator('dd').nth(2)
  assert.match(await received.innerText(), /^\d{4}-\d{2}-\d{2}\s\d{2}:\d{2}:\d{2}$/)

  await rows.first().getByRole('button', { name: '看这一天的样子' }).click()
  await page.getByText('这是过去的样子，只能看，不能改。').waitFor()
  const past = page.locator('.detail-pane')
  await past.locator('.house-card', { hasText: '15400002222' }).waitFor()
  assert.equal(await past.getByRole('link', { name: /编辑/ }).count(), 0)
  assert.equal(await past.getByRole('button', { name: /入户|更正|作废|证号/ }).count(), 0)
  await past.getByRole('link', { name: '回到现在' }).or(past.getByRole('button', { name: '回到现在' })).click()
  await page.getByRole('button', { name: '开始入户' }).waitFor()

  // Before the household was there, there is nothing to see, and it says so.
  await page.goto(`${signal.url}${path}/on/2001-01-01`)
  await page.getByText('那时手机里还没有这一户的记录').waitFor()
})
