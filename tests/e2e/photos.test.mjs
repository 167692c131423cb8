// A photo from the camera to a colleague: taken without signal, over killed browsers, uploaded after the text, seen elsewhere.
import assert from 'node:assert/strict'
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { until } from './harness.mjs'
import { go, home, save, start, synchronise } from './people.mjs'
import { joined, village, visitHousehold } from './village.mjs'

const WORDS = '灶房墙开裂'

/** A picture of noise as a camera gives it: large, and turned by its orientation (6: what is left in the file is on top). */
async function fromCamera(page, width, height) {
  const base64 = await page.evaluate(async ([width, height]) => {
    const canvas = document.createElement('canvas')
    canvas.width = width
    canvas.height = height
    const pen = canvas.getContext('2d')
    for (let y = 0; y < height; y += 40) {
      for (let x = 0; x < width; x += 40) {
        pen.fillStyle = `hsl(${(x * 7 + y * 13) % 360} 80% ${30 + ((x + y) % 40)}%)`
        pen.fillRect(x, y, 40, 40)
      }
    }
    // The left edge, which is on top once it is turned.
    pen.fillStyle = 'white'
    pen.fillRect(0, 0, width / 10, height)
    const url = canvas.toDataURL('image/jpeg', 0.9)
    return url.slice(url.indexOf(',') + 1)
  }, [width, height])
  const picture = Buffer.from(base64, 'base64')
  const exif = Buffer.from('45786966000049492a000800000001001201030001000000060000000000000000', 'hex')
  const marker = Buffer.from([0xff, 0xe1, 0, exif.length + 2])
  return Buffer.concat([picture.subarray(0, 2), marker, exif, picture.subarray(2)])
}

const file = (name, mimeType, buffer) => ({ name, mimeType, buffer })

/** What stands in the middle, and whether the upper edge is white, of a picture on the page. */
function look(page, selector) {
  return page.locator(selector).evaluate((shown) => {
    const canvas = document.createElement('canvas')
    canvas.width = shown.naturalWidth ?? shown.width
    canvas.height = shown.naturalHeight ?? shown.height
    const pen = canvas.getContext('2d')
    pen.drawImage(shown, 0, 0)
    const [width, height] = [canvas.width, canvas.height]
    const { data } = pen.getImageData(Math.round(width * 0.5), Math.round(height * 0.5), 24, 24)
    const reds = [...data].filter((_, at) => at % 4 === 0)
    const top = pen.getImageData(Math.round(width / 2), Math.round(height * 0.02), 1, 1).data
    return { width, height, spread: Math.max(...reds) - Math.min(...reds), top: Math.min(top[0], top[1], top[2]) }
  })
}

/** Every photo that the endpoint keeps. */
function kept(endpoint) {
  const folder = join(endpoint.data, 'photos')
  const names = readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)))
  return names.filter((name) => /[0-9a-f]{64}$/.test(name) && statSync(name).isFile()).map((name) => readFileSync(name))
}

const thumbs = (page) => page.locator('.photo-thumb img')

async function refusals(page) {
  const choose = page.locator('.photo-input').last()
  const bad = [
    [file('a.jpg', 'image/jpeg', Buffer.alloc(0)), '是空的'],
    [file('b.jpg', 'image/jpeg', Buffer.from('这不是照片')), '不是照片'],
    [file('c.heic', 'image/heic', Buffer.from('0000001866747970686569630000000068656963', 'hex')), 'HEIC'],
  ]
  for (const [wrong, words] of bad) {
    await choose.setInputFiles(wrong)
    await page.locator('dialog[open]', { hasText: words }).waitFor()
    await page.locator('dialog[open]').getByRole('button', { name: '关闭' }).last().click()
  }
  assert.equal(await thumbs(page).count(), 0)
}

test('a photo taken without signal outlives killed browsers, goes up after the text, and a colleague sees it', async (t) => {
  const endpoint = await village(t)
  const wang = await joined(t, endpoint, '王芳')
  const li = await joined(t, endpoint, '李军', { role: 'member' })
  const path = await visitHousehold(wang.page, wang.signal, '罗大山')
  await wang.signal.off()
  const { page } = wang
  await start(page).click()
  await home(page, '有人').click()
  await page.getByRole('button', { name: '记一个问题' }).click()
  await page.locator('.finding-draft textarea').fill(WORDS)
  await refusals(page)

  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: '拍照' }).click()])
  await chooser.setFiles(file('d.jpg', 'image/jpeg', await fromCamera(page, 4000, 3000)))
  const area = await page.locator('.photo-edit-picture').boundingBox()
  const corner = (x, y) => page.mouse.move(area.x + area.width * x, area.y + area.height * y)
  assert.ok((await look(page, '.photo-edit-picture')).spread > 40, 'there is something to hide')
  await corner(0.3, 0.4)
  await page.mouse.down()
  await corner(0.7, 0.8)
  await page.mouse.up()
  await until('the blur', async () => (await look(page, '.photo-edit-picture')).spread === 0)
  await page.getByRole('button', { name: '存下' }).click()
  await thumbs(page).waitFor()

  // The phone needs its memory while the form is open, and again after it was saved.
  wang.page = await wang.phone.killAndRestart()
  await go(wang, path, '.house-card')
  await start(wang.page).click()
  await thumbs(wang.page).waitFor()
  await save(wang.page).click()
  // The form has shown the photo all the time: saved it is on the page of the household.
  await wang.page.locator('.house-card').waitFor()
  await thumbs(wang.page).waitFor()
  wang.page = await wang.phone.killAndRestart()
  await go(wang, path, '.house-card')
  await thumbs(wang.page).waitFor()
  await go(wang, '/', '.strip')
  await wang.page.locator('.strip', { hasText: '照片1张只在本机' }).waitFor()

  await wang.signal.on()
  wang.signal.asked.length = 0
  await go(wang, '/mine', '.safe')
  await wang.page.getByText('照片都已上传').waitFor()
  const first = (text) => wang.signal.asked.findIndex((asked) => asked.includes(text))
  assert.ok(first('/v1/sync/') < first('/v1/blobs/'), 'text goes first')
  const [thumb, photo] = kept(endpoint).sort((one, other) => one.length - other.length)
  assert.ok(thumb.length < 20_000 && photo.length < 300_000, `${thumb.length} and ${photo.length} bytes`)
  for (const bytes of [thumb, photo]) assert.equal(bytes.includes('Exif'), false)

  await synchronise(li)
  await go(li, path, '.house-card')
  await thumbs(li.page).click()
  await until('the whole photo', async () => (await look(li.page, 'dialog[open] img')).height === 1600)
  const seen = await look(li.page, 'dialog[open] img')
  assert.equal(seen.width, 1200, 'upright')
  assert.ok(seen.top > 200, 'what the camera says is on top')
  assert.ok(seen.spread < 25, 'what was hidden stays hidden')
  await endpoint.must('check')
})
