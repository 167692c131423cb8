// One phone in two spaces: a village and a group of inspectors.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from './harness.mjs'
import { CODE, HEADS, joined, village } from './village.mjs'

test('a phone joins a group beside its village, shows either, and losing one leaves the other alone', async (t) => {
  const endpoint = await village(t)
  const { page, signal } = await joined(t, endpoint, '王芳', { whole: false })
  await endpoint.must('group', 'create', '暗访', '县暗访组', '--village', CODE)
  const said = await endpoint.must('invite', '--village', '暗访', '--name', '王芳', '--role', 'inspector', '--base-url', signal.url)
  await page.goto(/https?:\S+/.exec(said)[0])
  await page.getByText('县暗访组').first().waitFor()
  await page.getByRole('button', { name: '我是王芳，加入' }).click()

  // The group is shown; what is due in the village stands below.
  await page.getByText('今天没有到期的事').first().waitFor()
  const village_ = page.locator('.other-space')
  await village_.getByRole('button', { name: /打开/ }).waitFor()
  assert.equal(await page.locator('.meters').count(), 0)
  await page.getByRole('link', { name: '农户' }).click()
  await page.getByText('组里没有农户名册').waitFor()
  await page.getByRole('radio', { name: /大村/ }).or(page.getByRole('button', { name: /大村/ })).first().click()
  await page.getByText(HEADS[5]).waitFor()

  // After a start the one that was shown last is shown again, and both are there.
  await page.goto(`${signal.url}/mine`)
  const list = page.locator('.space-line')
  await until('both spaces are listed', async () => (await list.count()) === 2)
  assert.match(await list.nth(0).innerText(), /大村[\s\S]*正在看/)

  // The desk ends the group's grant on this phone.
  const devices = await endpoint.must('device', 'list')
  const line = devices.split('\n').find((one) => one.includes('暗访'))
  await endpoint.must('device', 'revoke', /[0-9A-HJKMNP-TV-Z]{26}/.exec(line)[0])
  await page.getByRole('button', { name: '立即同步' }).click()
  await list.nth(1).getByText('这部手机已停用').waitFor()

  // It leaves the group; the village, its records and its key are as they were.
  await list.nth(1).click()
  await page.getByText('正在看').waitFor()
  await until('the group is shown', async () => /县暗访组[\s\S]*正在看/.test(await list.nth(1).innerText()))
  await page.getByText('备份', { exact: true }).first().click()
  await page.getByRole('button', { name: '退出本村' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '退出本村' }).click()
  await page.getByRole('link', { name: '农户' }).click()
  await page.getByText(HEADS[5]).waitFor()
  assert.equal(await page.getByRole('radio', { name: /县暗访组/ }).count(), 0)
  await page.goto(`${signal.url}/mine`)
  await page.getByRole('button', { name: '立即同步' }).click()
  await page.getByText('同步好了').first().waitFor()
  assert.equal(await list.count(), 0)
})
