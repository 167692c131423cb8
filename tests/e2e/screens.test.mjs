// Every screen at the smallest phone: readable, reachable, nothing cut, in every type size and both languages.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { countyForm } from './county-form.mjs'
import { axePath, folder } from './harness.mjs'
import { CODE, joined, village, visitHousehold } from './village.mjs'

const TOUCH_PX = 48
const CAMPAIGNS = fileURLToPath(new URL('../../packs/campaigns/six-clearances.md', import.meta.url))
const axe = readFileSync(axePath, 'utf8')

/** What a person with old eyes and thick fingers would stumble over. */
function stumbles(touch) {
  const found = []
  const name = (element) => `${element.tagName.toLowerCase()}.${element.className} "${element.textContent.trim().slice(0, 20)}"`
  const controls = 'button, a, select, textarea, input:not([type="radio"]):not([type="checkbox"]), summary, .chip, .verdict-choice, .choice-row'
  for (const element of document.querySelectorAll('body *')) {
    const box = element.getBoundingClientRect()
    if (box.width === 0 || box.height === 0 || element.closest('.hidden-visually, svg, [hidden]')) continue
    const style = getComputedStyle(element)
    if (box.right > innerWidth + 1 || box.left < -1) found.push(`beyond the edge: ${name(element)}`)
    if (element.matches(controls) && box.height < touch - 0.5 && !element.closest('.search')) {
      found.push(`${Math.round(box.height)} px high: ${name(element)}`)
    }
    const clips = style.overflowX !== 'visible' && !element.matches('input, select, textarea, .page-body')
    if (clips && element.scrollWidth > element.clientWidth + 1) found.push(`cut: ${name(element)}`)
    if (style.textOverflow === 'ellipsis') found.push(`may be cut: ${name(element)}`)
  }
  return [...new Set(found)]
}

async function violations(page) {
  await page.evaluate(axe)
  return page.evaluate(async () => {
    const rules = { 'color-contrast-enhanced': { enabled: true } }
    const { violations } = await window.axe.run(document, { rules, resultTypes: ['violations'] })
    return violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`)
  })
}


for (const [title, size, language, colorScheme] of [
  ['特大', 'huge', 'zh', 'light'],
  ['标准, in the dark', 'standard', 'zh', 'dark'],
  ['very large, English', 'huge', 'en', 'light'],
]) {
  test(`every screen is readable and reachable: ${title}`, async (t) => {
    const endpoint = await village(t)
    const form = join(folder(t), 'county.md')
    writeFileSync(form, countyForm())
    await endpoint.must('form', 'publish', form, '--village', CODE)
    await endpoint.must('campaign', 'publish', CAMPAIGNS, '--village', CODE)
    const { page, signal } = await joined(t, endpoint, '王芳', { colorScheme })
    await page.evaluate(
      ([size, language]) => {
        localStorage.setItem('size', size)
        localStorage.setItem('language', language)
      },
      [size, language],
    )
    const path = await visitHousehold(page, signal, '罗大山')
    const found = []
    const look = async (screen) => {
      await page.locator('.waiting').first().waitFor({ state: 'detached' })
      const all = [...(await page.evaluate(stumbles, TOUCH_PX)), ...(await violations(page))]
      found.push(...all.map((one) => `${screen}: ${one}`))
    }
    const go = async (address, ready) => {
      await page.goto(signal.url + address)
      await page.locator(ready).first().waitFor()
    }
    await look('household')

    await go(`${path}/visit`, '.home-choice')
    await page.locator('.home-choice .chip').first().click()
    await page.locator('.visit-check .verdict-choice').nth(2).click()
    await page.locator('.detail-pane button.van-button', { hasText: /记一个问题|finding/ }).click()
    await page.locator('.finding-draft .chip').first().click()
    await page.locator('.finding-draft textarea').fill('水窖裂了缝，旱季要去河边挑水')
    await look('visit')
    await page.locator('.page-action .van-button').last().click()
    await page.locator('.visit-item summary').first().click()
    await look('household with a visit')

    await go(`${path}/edit/own`, '.edit-section')
    await page.evaluate(() => document.querySelectorAll('.edit-section').forEach((section) => (section.open = true)))
    await look('editor')
    await go(`${path}/event`, '.detail-pane .chip')
    await page.locator('.detail-pane .chip').first().click()
    await look('change of status')
    await go(`${path}/pairing`, '.detail-pane .chip')
    await look('pairing')
    await go(`${path}/history`, '.history-item')
    await look('history')
    await go(`/f/${path.slice('/h/'.length)}/own`, '.detail-pane .form-line')
    await look('forms of a household')
    await page.locator('.detail-pane .form-link').first().click()
    await page.locator('[data-place="house/rooms"] input').fill('99')
    await page.locator('[data-place="house/rain"] input').last().check()
    await page.locator('[data-place="water/enough"] input').last().check()
    await page.locator('.question-note').first().waitFor()
    await page.locator('.filling-save').last().click()
    await page.locator('.filling-left').waitFor()
    await look('a form being filled in')
    await page.locator('[data-place="house/rooms"] input').fill('3')
    await page.locator('.filling-left').waitFor({ state: 'detached' })
    await page.locator('.filling-save').last().click()
    await page.locator('.detail-pane .record-item a').first().click()
    await page.locator('.form-look').first().waitFor()
    await look('a record of a form')
    await go('/forms', '.detail-pane h1')
    await look('forms of the village')
    await go('/today', '.meters')
    await look('today')
    await go('/households', '.house-row')
    await look('households')
    await go('/households/new', '.detail-pane input')
    await look('register')
    await go('/findings', '.finding')
    await look('findings')
    await page.locator('.list-pane .finding').first().click()
    await page.locator('.detail-pane [data-part="state"]').waitFor()
    await look('finding')
    await page.locator('.detail-pane [aria-haspopup="dialog"]').click()
    await page.locator('.menu-item', { hasText: /举一反三|in all households/ }).click()
    await page.getByRole('button', { name: /^(全村都查|Look everywhere)$/ }).click()
    await page.locator('.finding-sweep', { hasText: /应查 5|5 in all/ }).waitFor()
    await look('finding with a sweep')
    await page.locator('.detail-pane .page-action .van-button').last().click()
    await page.locator('.detail-pane [data-field]').first().waitFor()
    await look('a step of a finding')
    await go(`${path}/matters`, '[data-matter="monitoring"] .van-button')
    await look('matters of a household')
    await page.locator('[data-matter="monitoring"] .van-button').click()
    await page.locator('.detail-pane h1', { hasText: /监测对象|at risk/ }).waitFor()
    await look('a matter that was begun')
    await page.locator('.detail-pane .page-action .van-button').last().click()
    await page.locator('.detail-pane [data-field="clue_on"]').waitFor()
    await look('a step of a matter')
    await go('/findings/new', '.detail-pane .chip')
    await page.locator('.detail-pane .chip').first().click()
    await look('new finding')
    await go('/campaigns', '.progress-line')
    await look('campaigns')
    await page.locator('.detail-pane .form-link', { hasText: /同类问题 0|0 with the same/ }).click()
    await page.locator('.detail-pane a.form-link').first().waitFor()
    await look('campaign')
    await go('/quality', '.quality-row')
    await look('quality of the data')
    await page.locator('.quality-row .van-button').first().click()
    await page.locator('.quality-row a[href^="/findings/"]').first().waitFor()
    await go('/lists', '.lists-rows .form-link')
    await look('four lists')
    await go('/coverage', '.coverage-sum')
    await look('coverage')
    await go('/mine', '.safe')
    await look('mine')
    await go('/invite', '.detail-pane .chip')
    await look('invite')
    await go('/rescue', '.detail-pane .menu-card')
    await look('rescue file')
    await go('/errors', '.detail-pane h1')
    await look('error record')
    assert.deepEqual(found, [])
  })
}
