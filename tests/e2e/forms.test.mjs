// What is typed is never lost, and what is usual takes few taps.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { joined, stored, village, visitHousehold } from './village.mjs'

/** Counts the taps of a person. */
function finger() {
  let taps = 0
  return {
    tap: async (locator) => {
      taps += 1
      await locator.click()
    },
    get taps() {
      return taps
    },
  }
}

const start = (page) => page.getByRole('button', { name: /开始入户|接着填入户/ })
const save = (page) => page.getByRole('button', { name: '保存' })
const home = (page, words) => page.locator('.home-choice label', { hasText: words })

test('a visit without changes takes at most eight taps, and is stored as carried over', async (t) => {
  const endpoint = await village(t)
  const { page, signal } = await joined(t, endpoint, '王芳')
  await visitHousehold(page, signal, '罗大山')
  await start(page).click()
  await home(page, '有人').click()
  for (const check of await page.locator('.visit-check').all()) {
    await check.locator('label', { hasText: /^达标/ }).click()
  }
  await save(page).click()
  await page.locator('.house-card').waitFor()

  const hand = finger()
  await hand.tap(start(page))
  await hand.tap(home(page, '有人'))
  await hand.tap(page.locator('.chip', { hasText: '罗大山' }))
  await hand.tap(save(page))
  await page.locator('.house-card').waitFor()
  assert.ok(hand.taps <= 8, `${hand.taps} taps`)
  await page.getByText('已存好 · 只在本机').waitFor()
  await page.locator('.visit-item').nth(1).waitFor()
  const [second, first] = await page.locator('.visit-item').all()
  for (const visit of [second, first]) await visit.locator('summary').click()
  assert.equal(await first.locator('.check-list > li').count(), 6, 'a tap means checked')
  assert.equal(await second.locator('.check-list').count(), 0, 'what was not touched is not shown as checked')
})

test('nobody home is saved in two taps and does not count', async (t) => {
  const endpoint = await village(t)
  const { page, signal } = await joined(t, endpoint, '王芳')
  await visitHousehold(page, signal, '覃秀英')
  await start(page).click()
  const hand = finger()
  await hand.tap(home(page, '家里没人'))
  await hand.tap(save(page))
  await page.locator('.visit-item', { hasText: '不计入走访' }).waitFor()
  assert.equal(hand.taps, 2)
})

test('half-filled forms outlive a killed browser', async (t) => {
  const endpoint = await village(t)
  const { phone, page, signal } = await joined(t, endpoint, '王芳')
  const path = await visitHousehold(page, signal, '白小怡')
  await signal.off()

  await page.goto(`${signal.url}${path}/visit`)
  await home(page, '有人').click()
  await page.getByLabel('原话').fill('水窖裂了缝')
  await stored(page, '水窖裂了缝')
  await page.goto(`${signal.url}${path}/edit/own?field=address`)
  await page.locator('[data-field="address"] input').fill('老屋场 12 号')
  await stored(page, '老屋场 12 号')
  await page.goto(`${signal.url}/households/new`)
  await page.getByLabel('户主姓名').fill('欧阳志远')
  await stored(page, '欧阳志远')

  const again = await phone.killAndRestart()
  await again.goto(`${signal.url}/households/new`)
  await again.waitForFunction(() => document.querySelector('.detail-pane input')?.value === '欧阳志远')
  await again.goto(`${signal.url}${path}/edit/own?field=address`)
  await again.waitForFunction(() => document.querySelector('[data-field="address"] input')?.value === '老屋场 12 号')
  await again.goto(`${signal.url}${path}`)
  await again.getByRole('button', { name: '接着填入户' }).click()
  await again.getByText('接着上次没填完的').waitFor()
  assert.equal(await again.getByLabel('原话').inputValue(), '水窖裂了缝')
})

test('a number in full-width digits is understood, and its amount is echoed', async (t) => {
  const endpoint = await village(t)
  const { page, signal } = await joined(t, endpoint, '王芳')
  const path = await visitHousehold(page, signal, '田德贵')
  await page.goto(`${signal.url}${path}/edit/own?field=phone`)
  await page.locator('[data-field="phone"] input').fill('１５４００００８８８８')
  await save(page).click()
  await page.locator('.house-card', { hasText: '15400008888' }).waitFor()
})

test('two people write different numbers without signal: both see both, and one tap settles it', async (t) => {
  const endpoint = await village(t)
  const one = await joined(t, endpoint, '王芳')
  const two = await joined(t, endpoint, '李建国', { role: 'member' })
  const path = await visitHousehold(one.page, one.signal, '向玉兰')
  const numbers = ['15400001111', '15400002222']
  for (const [at, { page, signal }] of [one, two].entries()) {
    await signal.off()
    await page.goto(`${signal.url}${path}/edit/own?field=phone`)
    await page.locator('[data-field="phone"] input').fill(numbers[at])
    await save(page).click()
    await page.locator('.house-card', { hasText: numbers[at] }).waitFor()
  }
  for (const { page, signal } of [one, two, one]) {
    await signal.on()
    await page.goto(`${signal.url}/mine`)
    await page.getByText('全部已上传').waitFor()
  }
  for (const { page, signal } of [one, two]) {
    await page.goto(`${signal.url}${path}`)
    const card = page.locator('.differs-card')
    for (const number of numbers) await card.getByText(number, { exact: true }).first().waitFor()
    assert.match(await card.innerText(), /王芳/)
    assert.match(await card.innerText(), /李建国/)
  }
  // Without signal, from the list of all households: what each had seen, ask first, settle, take it back, settle again.
  await two.signal.off()
  await two.page.goto(`${two.signal.url}/today`)
  await two.page.locator('.differs-link').click()
  const list = two.page.locator('.detail-pane')
  const card = list.locator('.differs-card')
  await card.locator('.details summary').first().click()
  await card.getByText('填的时候看到的是').first().waitFor()
  await card.getByRole('button', { name: '问清再定' }).click()
  await card.locator('.differs-asked', { hasText: '李建国' }).waitFor()
  const choose = card.getByRole('button', { name: '用这个 15400001111' })
  await choose.click()
  const settled = list.locator('.settled-line', { hasText: '已定为 15400001111，可撤回' })
  await settled.waitFor()
  await card.waitFor({ state: 'detached' })
  await settled.getByRole('button', { name: '撤回' }).click()
  for (const number of numbers) await card.locator('.differs-value', { hasText: number }).waitFor()
  await choose.click()
  await settled.waitFor()
  await card.waitFor({ state: 'detached' })
  await two.signal.on()
  await two.page.goto(`${two.signal.url}/mine`)
  await two.page.getByText('全部已上传').waitFor()
  await one.page.goto(`${one.signal.url}/mine`)
  await one.page.getByRole('button', { name: '立即同步' }).click()
  await one.page.goto(`${one.signal.url}${path}`)
  await one.page.locator('.house-card', { hasText: '15400001111' }).waitFor()
  await one.page.locator('.differs-card').waitFor({ state: 'detached' })
  const codes = []
  for (const { page, signal } of [one, two]) {
    await page.goto(`${signal.url}/mine`)
    codes.push(await page.locator('.check-code').innerText())
  }
  assert.equal(codes[0], codes[1])
})
