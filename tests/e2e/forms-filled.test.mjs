// Forms that a county publishes, filled in on real phones: what they say, and that nothing of them is lost.
import assert from 'node:assert/strict'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { countyForm } from './county-form.mjs'
import { folder } from './harness.mjs'
import { go, prepare, synchronise } from './people.mjs'
import { TEMPLATES } from './templates.mjs'
import { CODE, joined, stored, village, visitHousehold } from './village.mjs'

const PACKS = fileURLToPath(new URL('../../packs', import.meta.url))
const finish = (page) => page.getByRole('button', { name: '填完保存' })
const keepUnfinished = (page) => page.getByRole('button', { name: '没填完，先存' })

const publish = (endpoint, file) => endpoint.must('form', 'publish', file, '--village', CODE)

/** The title in the settings of a template. */
function titleOf(file) {
  const rows = readFileSync(join(PACKS, file), 'utf8').split('\n').map((line) => line.split('|').map((cell) => cell.trim()))
  const head = rows.findIndex((row) => row.includes('form_title'))
  return rows[head + 1][rows[head].indexOf('form_title')]
}

/** A question by its place; of a repeated part `part/question#n`. */
function question(page, place) {
  const [path, nth] = place.split('#')
  if (nth === undefined) return page.locator(`[data-place="${path}"]`)
  const [part, name] = path.split('/')
  return page.locator(`[data-place^="${part}/"][data-place$="/${name}"]`).nth(Number(nth))
}

/** Answers a question as a person does, whatever it is drawn as; a number chooses by its position. */
async function give(page, place, value) {
  if (place.endsWith('/add')) return page.locator('.filling-add').click()
  const asked = question(page, place)
  await asked.waitFor()
  if (Array.isArray(value)) {
    for (const one of value) await asked.locator(`input[value="${one}"]`).check()
    return undefined
  }
  if (typeof value === 'number') return asked.locator('input').nth(value).check()
  if (await asked.locator('input[type="radio"]').count()) return asked.locator(`input[value="${value}"]`).check()
  if (await asked.locator('select').count()) return asked.locator('select').selectOption(value)
  return asked.locator('input, textarea').fill(value)
}

/** Opens a form by its title where it is offered. */
async function open(page, title) {
  const folded = page.locator('.detail-pane .fold summary', { hasText: '其他表单' })
  if (await folded.count()) await folded.click()
  await page.locator('.detail-pane .form-line', { hasText: title }).first().click()
  await page.locator('.filling [data-place]').first().waitFor()
}

/** Another screen of the app that is open: it need not start again for each form. */
async function look(page, path, ready) {
  await page.evaluate((to) => {
    const state = { back: null, current: to, forward: null, position: history.length, replaced: true, scroll: null }
    history.pushState(state, '', to)
    dispatchEvent(new PopStateEvent('popstate', { state }))
  }, path)
  await page.locator(ready).first().waitFor()
}

const FACILITIES = ['care_home', 'clinic', 'school', 'waterworks']

/** Puts into the register what forms are offered by, and says where each that the templates name has its forms. */
async function settle(ask) {
  await ask({ type: 'start', take_over: true })
  const write = async (document, record, values) => {
    const { view } = await ask({ type: 'record', document, record })
    const changes = Object.entries(values).map(([key, value]) => ({ key, value }))
    return (await ask({ type: 'save_record', document, record, base: view.base, changes })).saved
  }
  const { rows } = (await ask({ type: 'households', query: '', chip: '', group: '', offset: 0, limit: 50 })).view
  const [family, resettled] = ['罗大山', '覃秀英'].map((head) => rows.find((row) => row.head === head).id)
  await write(family, 'own', { class: '建档立卡、边缘户' })
  await write(resettled, 'own', { resettlement: '集中安置' })
  const { persons } = (await ask({ type: 'household', id: family })).view
  const [head, child] = ['罗大山', '罗小宝'].map((name) => persons.find((one) => one.name === name).id)
  await write(family, `persons/${head}`, { health: '长期慢性病' })
  const others = (await ask({ type: 'household', id: resettled })).view.persons
  await write(resettled, `persons/${others[0].id}`, { health: '长期慢性病' })
  const { document } = (await ask({ type: 'forms', document: '', about: '' })).view
  for (const kind of FACILITIES) await write(document, 'facilities/', { name: `大村${kind}`, kind })
  const { subjects } = (await ask({ type: 'forms', document: '', about: '' })).view
  const facilities = FACILITIES.map((kind) => [kind, subjects.find((one) => one.name === `大村${kind}`).about])
  const places = { ...Object.fromEntries(facilities), group: subjects.find((one) => one.subject === 'group').about }
  return {
    visit: `/h/${family}`, household: `/f/${family}/own`, resettled: `/f/${resettled}/own`, person: `/f/${family}/${head}`, child: `/f/${family}/${child}`,
    village: '/forms', ...Object.fromEntries(Object.entries(places).map(([name, about]) => [name, `/f/${document}/${about}`])),
  }
}

/** Two visits that a form asks: one where all is well, in eight taps, and one that finds this. */
async function visitAsked(page, household, answers, says) {
  const begin = async () => {
    await look(page, `${household}/visit`, '.home-choice')
    await page.locator('.home-choice label', { hasText: '有人' }).click()
  }
  const save = () => page.getByRole('button', { name: '保存' }).click()
  await begin()
  const checks = Object.keys(answers)
  for (const check of checks) await question(page, check).locator('.verdict-choice').first().click()
  await save()
  await page.locator('.visit-item').first().waitFor()
  assert.ok(checks.length + 2 <= 8, 'taps')

  await begin()
  // What the last visit found is carried over until somebody looks.
  await question(page, 'food').getByText('沿用上次').waitFor()
  for (const [place, value] of Object.entries(answers)) await give(page, place, value)
  await give(page, 'water_why', '泉水干了')
  await give(page, 'words', '天干时水不够')
  for (const words of says) await page.locator('.question-note', { hasText: words }).waitFor()
  await page.locator('.proposal', { hasText: '饮水安全不达标。泉水干了' }).waitFor()
  await page.locator('.proposal', { hasText: '基本医疗不达标' }).click()
  await give(page, 'phone', '1')
  await save()
  await page.locator('.filling-left button').click()
  await page.waitForFunction(() => document.activeElement?.closest('[data-place]')?.dataset.place === 'phone')
  await give(page, 'phone', '15400000077')
  await save()
  const visit = page.locator('.visit-item').first()
  await visit.getByText('问题 1').waitFor()
  await visit.locator('summary').click()
  await visit.getByText('天干时水不够').waitFor()
  await visit.getByText('当时问的和答的').click()
  for (const words of says) await page.locator('.look-note', { hasText: words }).waitFor()
}

test('every form that comes with the app is filled in, and says what the standards say', async (t) => {
  const endpoint = await village(t)
  const files = readdirSync(PACKS).filter((name) => name.endsWith('.md') && name !== 'README.md')
  assert.deepEqual(TEMPLATES.map((one) => one.file).sort(), files.sort(), 'each is filled in here')
  for (const file of files) await publish(endpoint, join(PACKS, file))
  const phone = await joined(t, endpoint, '王芳', { role: 'doctor' })
  const { page, signal } = phone
  let at
  await prepare(phone, async (ask) => {
    at = await settle(ask)
  })
  await signal.off()
  await go(phone, '/today', '.meters')
  const followUp = page.locator('.form-line', { hasText: '慢病随访' })
  await followUp.getByText('本季度还差 2 人').waitFor()
  await followUp.click()
  await page.locator('.due-list .form-line', { hasText: '罗大山' }).getByText('去填').click()
  await page.locator('.filling [data-place="way"]').waitFor()
  for (const { file, about, give: answers, says } of TEMPLATES) {
    await t.test(file, async () => {
      if (about === 'visit') {
        await visitAsked(page, at[about], answers, says)
        return
      }
      await look(page, at[about], '.detail-pane .form-line')
      await open(page, titleOf(file))
      for (const [place, value] of Object.entries(answers)) await give(page, place, value)
      for (const words of says) await page.locator('.question-note', { hasText: words }).waitFor()
      await finish(page).click()
      await page.locator('.detail-pane .record-item', { hasText: titleOf(file) }).first().click()
      for (const words of says) await page.locator('.look-note', { hasText: words }).waitFor()
    })
  }
  await look(page, '/today', '.meters')
  await followUp.getByText('本季度还差 1 人').waitFor()
  await followUp.click()
  await page.locator('.chip', { hasText: '已做' }).click()
  await page.locator('.due-list .form-line', { hasText: '罗大山' }).getByText('今年已做 1/4 次').waitFor()
})

/** The smallest picture there is. */
const PICTURE = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

/** Answers a question with a photo from the album. */
async function takePhoto(page, place) {
  const asked = question(page, place)
  const picture = { name: 'a.png', mimeType: 'image/png', buffer: Buffer.from(PICTURE, 'base64') }
  await asked.locator('.photo-input').last().setInputFiles(picture)
  await page.getByRole('button', { name: '存下' }).click()
  await asked.locator('.photo-thumb img').waitFor()
}

/** Hands the phone over, signs with a finger, and takes the phone back. */
async function sign(page, place) {
  await question(page, place).getByRole('button', { name: '给群众看，请签字' }).click()
  const area = await page.locator('.pad-field').boundingBox()
  await page.mouse.move(area.x + 40, area.y + 40)
  await page.mouse.down()
  for (const at of [1, 2, 3, 4]) await page.mouse.move(area.x + 40 + at * 30, area.y + 40 + (at % 2) * 30)
  await page.mouse.up()
  await page.getByRole('button', { name: '签好了' }).click()
  await page.getByRole('button', { name: '我是干部，收回手机' }).click({ delay: 2000 })
  await question(page, place).locator('.signature-drawn').waitFor()
}

/** Publishes the county's form as it is written here. */
async function publishCounty(t, endpoint, written = {}) {
  const file = join(folder(t), 'county.md')
  writeFileSync(file, countyForm(written))
  await publish(endpoint, file)
}

/** Opens the record of the county's form on a household, to go on with it. */
async function goOn(phone, path) {
  await go(phone, path, '.detail-pane .record-item')
  await phone.page.locator('.detail-pane .record-item', { hasText: '房屋与用水' }).click()
  await phone.page.getByRole('button', { name: '接着填' }).click()
  await phone.page.locator('.filling [data-place]').first().waitFor()
}

test('two people fill parts of one record without signal, and a draft outlives a kill and a new version', async (t) => {
  const endpoint = await village(t)
  await publishCounty(t, endpoint)
  const one = await joined(t, endpoint, '王芳')
  const two = await joined(t, endpoint, '李建国', { role: 'member' })
  const path = await visitHousehold(one.page, one.signal, '罗大山')
  const forms = `/f/${path.slice('/h/'.length)}/own`

  await go(one, forms, '.detail-pane .form-line')
  await open(one.page, '房屋与用水')
  // What the register knows stands there, as carried over until somebody taps it.
  await question(one.page, 'members').getByText('沿用上次').waitFor()
  assert.match(await question(one.page, 'members').locator('input').inputValue(), /^[1-9]$/)
  await give(one.page, 'remark', '去年修过屋顶')
  // What cannot be is refused in the words of the form, and what has to be answered is listed with the way to it.
  await give(one.page, 'house/rooms', '99')
  await question(one.page, 'house/rooms').getByText('应在1到40之间').waitFor()
  await give(one.page, 'house/rooms', '３')
  // A photo that has to be there refuses no save: it may follow.
  await question(one.page, 'house/photo').getByText('待补照片').waitFor()
  await finish(one.page).click()
  await one.page.locator('.filling-left button', { hasText: '下雨漏不漏' }).click()
  await one.page.waitForFunction(() => document.activeElement?.closest('[data-place]')?.dataset.place === 'house/rain')
  await keepUnfinished(one.page).click()
  await one.page.locator('.detail-pane .record-item', { hasText: '没填完' }).waitFor()
  await synchronise(one)
  await synchronise(two)

  await one.signal.off()
  await two.signal.off()
  await goOn(one, forms)
  await give(one.page, 'house/rain', 'yes')
  await takePhoto(one.page, 'house/photo')
  await sign(one.page, 'sign')
  await keepUnfinished(one.page).click()
  await goOn(two, forms)
  await give(two.page, 'water/enough', 'no')
  await two.page.locator('.question-note', { hasText: '请问清要去哪里挑' }).waitFor()
  await keepUnfinished(two.page).click()
  for (const { signal } of [one, two]) await signal.on()
  for (const phone of [one, two, one]) await synchronise(phone)
  await one.page.getByText('照片都已上传').waitFor()
  for (const phone of [one, two]) {
    await goOn(phone, forms)
    await question(phone.page, 'house/photo').locator('.photo-thumb img').waitFor()
    await phone.page.locator('[data-place="house/rain"] input:checked[value="yes"]').waitFor({ state: 'attached' })
    await phone.page.locator('[data-place="water/enough"] input:checked[value="no"]').waitFor({ state: 'attached' })
    assert.equal(await question(phone.page, 'house/rooms').locator('input').inputValue(), '3')
  }
  await finish(one.page).click()
  for (const place of ['house/photo', 'sign']) await one.page.locator(`.form-look [data-place="${place}"] .photo-thumb img`).waitFor()

  // A draft of the first version, a kill, and the second version.
  await go(one, forms, '.detail-pane .form-line')
  await open(one.page, '房屋与用水')
  await give(one.page, 'remark', '后墙裂了一指宽')
  await stored(one.page, '后墙裂了一指宽')
  await publishCounty(t, endpoint, { version: '2', rain: '屋顶漏雨不漏' })
  one.page = await one.phone.killAndRestart()
  await synchronise(one)
  await go(one, '/today', '.meters')
  await one.page.locator('.card', { hasText: '房屋与用水' }).getByRole('button', { name: '接着填' }).click()
  await one.page.getByText('接着上次没填完的').waitFor()
  assert.equal(await question(one.page, 'remark').locator('textarea').inputValue(), '后墙裂了一指宽')
  await question(one.page, 'house/rain').getByText('下雨漏不漏').waitFor()
  await give(one.page, 'house/rain', 'no')
  await give(one.page, 'water/enough', 'yes')
  await finish(one.page).click()
  await one.page.locator('.meters').waitFor()
  await go(one, forms, '.detail-pane .record-item')
  assert.equal(await one.page.locator('.detail-pane .record-item').count(), 2)
  await open(one.page, '房屋与用水')
  await question(one.page, 'house/rain').getByText('屋顶漏雨不漏').waitFor()
  // What was said the last time, with a tap to say that it is still so.
  assert.equal(await question(one.page, 'remark').locator('textarea').inputValue(), '后墙裂了一指宽')
  await question(one.page, 'remark').getByRole('button', { name: '没变，已核' }).click()
  await question(one.page, 'remark').getByText('沿用上次').waitFor({ state: 'detached' })

  // A finished record is corrected with the version that it was made with.
  await go(one, forms, '.detail-pane .record-item')
  await one.page.locator('.detail-pane .record-item').last().click()
  await one.page.getByRole('button', { name: '更正' }).click()
  await question(one.page, 'house/rain').getByText('下雨漏不漏').waitFor()
  await give(one.page, 'house/rooms', '4')
  await finish(one.page).click()
  await one.page.locator('.form-look [data-place="house/rooms"]', { hasText: '4' }).waitFor()
  await one.page.locator('.form-look [data-place="house/photo"] .photo-thumb img').waitFor()
})
