// Joining by the screens: what may be typed and spent where, and what is said when it cannot be.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FLAGS } from '../chromium.mjs'
import { Phone, Signal, appStored } from './harness.mjs'
import { exported, synchronise, visit } from './people.mjs'
import { CODE, invitation, joined, village } from './village.mjs'

const WECHAT = 'Mozilla/5.0 (Linux; Android 13; V2102A) AppleWebKit/537.36 Chrome/107.0 Mobile Safari/537.36 MicroMessenger/8.0.40'
const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 Version/17.4 Mobile/15E148 Safari/604.1'

/** The state of an invitation as the endpoint tells it to another phone. */
async function look(t, signal, code) {
  const phone = await Phone.open(t)
  await phone.page.goto(signal.url)
  await phone.page.getByLabel('请填邀请码').fill(code)
  await phone.page.getByRole('button', { name: '看看邀请' }).click()
  return phone.page
}

test('a link shows whose it is, leaves the address bar, and is spent by one tap alone', async (t) => {
  const endpoint = await village(t)
  const signal = await Signal.open(t, { port: endpoint.port })
  const { link, code } = await invitation(endpoint, signal, '王芳')
  const phone = await Phone.open(t)
  await phone.page.goto(link)
  await phone.page.getByText('您是王芳吗？').waitFor()
  assert.equal(new URL(phone.page.url()).hash, '')
  const before = await look(t, signal, code)
  await before.getByText('您是王芳吗？').waitFor()
  await phone.page.getByRole('button', { name: '我是王芳，加入' }).click()
  await phone.page.locator('.meters').waitFor()
  const after = await look(t, signal, code.toLowerCase().replace('-', ' '))
  await after.getByText('这个邀请已经用过了').waitFor()
  await appStored(phone.page)
  const again = await phone.restart()
  await signal.off()
  await again.goto(signal.url)
  await again.locator('.meters').waitFor()
})

test('in WeChat nothing can be typed or spent; the code and the link are there to be carried out', async (t) => {
  const endpoint = await village(t)
  const signal = await Signal.open(t, { port: endpoint.port })
  const { link, code } = await invitation(endpoint, signal, '王芳')
  const wechat = await Phone.open(t, { userAgent: WECHAT })
  await wechat.page.goto(link)
  await wechat.page.getByText('请用浏览器打开').waitFor()
  assert.equal(await wechat.page.locator('input').count(), 0)
  await wechat.page.getByText(code).waitFor()
  assert.equal(wechat.page.url(), link, 'its menu hands this very address to a browser')
  const page = await look(t, signal, code)
  await page.getByText('您是王芳吗？').waitFor()
})

test('in a tab of an iPhone nothing can be typed: install first', async (t) => {
  const endpoint = await village(t)
  const signal = await Signal.open(t, { port: endpoint.port })
  const { link, code } = await invitation(endpoint, signal, '王芳')
  const phone = await Phone.open(t, { userAgent: IPHONE })
  await phone.page.goto(link)
  await phone.page.getByText('先装到主屏幕，再加入').waitFor()
  await phone.page.getByText(code).waitFor()
  assert.equal(await phone.page.locator('input').count(), 0)
})

test('a wrong code and no signal are said in words, and nothing is lost', async (t) => {
  const endpoint = await village(t)
  const signal = await Signal.open(t, { port: endpoint.port })
  const page = await look(t, signal, 'ABCDE-FGHJK')
  await page.getByText('没有这个邀请码').waitFor()
  await page.getByRole('button', { name: '换一个邀请码' }).click()
  await page.getByLabel('请填邀请码').fill('ABCDE-FGHJK')
  await signal.off()
  await page.getByRole('button', { name: '看看邀请' }).click()
  await page.getByText('现在没有信号').waitFor()
})

test('a phone that has joined says so when another invitation is opened on it', async (t) => {
  const endpoint = await village(t)
  const { page, signal } = await joined(t, endpoint, '王芳')
  const { link } = await invitation(endpoint, signal, '李建国')
  await page.goto(link)
  await page.getByText('这部手机已经是王芳的').waitFor()
  await page.getByRole('button', { name: '继续用' }).click()
  await page.locator('.meters').waitFor()
})

test('a second tab says plainly that another holds the records, and can take them over', async (t) => {
  const endpoint = await village(t)
  const { phone, page, signal } = await joined(t, endpoint, '王芳')
  const second = await phone.context.newPage()
  await second.goto(signal.url)
  await second.getByText('另一个页面正开着记录').waitFor()
  await second.getByRole('button', { name: '在这里打开' }).click()
  await second.locator('.meters').waitFor()
  await page.getByText('另一个页面正开着记录').waitFor()
})

test('at an http address of the network the page says why it cannot work, and takes nothing', async (t) => {
  const endpoint = await village(t)
  const signal = await Signal.open(t, { port: endpoint.port })
  const { code } = await invitation(endpoint, signal, '王芳')
  // A name that is not localhost stands for the address of a machine in the same Wi-Fi.
  const args = [...FLAGS, '--host-resolver-rules=MAP village.test 127.0.0.1']
  const phone = await Phone.open(t, { args })
  const address = signal.url.replace('127.0.0.1', 'village.test')
  await phone.page.goto(`${address}/#/join?i=x&c=${code}`)
  await phone.page.getByText('这个地址用不了').waitFor()
  await phone.page.getByText(address).waitFor()
  assert.equal(await phone.page.locator('input').count(), 0)
  const page = await look(t, signal, code)
  await page.getByText('您是王芳吗？').waitFor()
})

/** Two thousand families, all named differently. */
const FAMILIES = Array.from({ length: 2000 }, (_, at) => {
  const letters = ['王李张刘陈杨赵黄周吴', '建国志强秀英桂兰德贵', '小宝春生冬梅长河海山', '福禄'].map((all) => [...all])
  let rest = at
  return letters.map((all) => {
    const letter = all[rest % all.length]
    rest = Math.floor(rest / all.length)
    return letter
  }).join('')
})

const SOME = /已到 [1-9]\d*\/2000 户，可以先用/
const blocks = (signal) => signal.asked.filter((path) => /^\/v1\/pack\/.+\/./.test(path))

test('a village of 2,000 families arrives in parts, is used meanwhile, and goes on where the signal broke off', async (t) => {
  const endpoint = await village(t, FAMILIES)
  const signal = await Signal.open(t, { port: endpoint.port })
  const phone = await Phone.open(t)
  const { link } = await invitation(endpoint, signal, '王芳')
  const { page } = phone
  await page.goto(link)
  await appStored(page)
  await page.getByText('您是王芳吗？').waitFor()

  const cut = signal.breaksAfter(100_000)
  await page.getByRole('button', { name: '我是王芳，加入' }).click()
  await cut
  await page.getByText(SOME).first().waitFor()

  // What has arrived is worked with, after a restart in the dead spot too.
  const again = await phone.killAndRestart()
  await again.goto(`${signal.url}/households`)
  await again.getByText(SOME).first().waitFor()
  await again.locator('.house-row').first().click()
  await visit({ page: again }, '边下载边记的')

  const half = blocks(signal)
  signal.asked.length = 0
  await signal.on()
  await synchronise({ page: again, signal })
  await again.goto(`${signal.url}/households`)
  await again.getByText('2000/2000户').waitFor()
  const words = (await exported(endpoint, CODE, 'visits')).map((row) => row.words)
  assert.deepEqual(words, ['边下载边记的'])
  const rest = blocks(signal)
  assert.ok(half.length > 1 && rest.length > 0, `${half.length} before the cut, ${rest.length} after it`)
  assert.deepEqual(half.filter((block) => rest.includes(block)), half.slice(-1), 'only the block that was cut is asked for again')
})
