// A small village on a real endpoint, and phones whose people have joined it.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Endpoint, Phone, Signal, appStored, folder, until } from './harness.mjs'

/** An unassigned code, as all of the sample villages. */
export const CODE = '430581100299'
const APP = fileURLToPath(new URL('../../www/dist', import.meta.url))
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** An identity number of an area that does not exist, with a valid check digit. */
export function idNumber(born, serial) {
  const digits = `430599${born}${String(serial).padStart(3, '0')}`
  const sum = [...digits].reduce((total, digit, at) => total + Number(digit) * WEIGHTS[at], 0)
  return digits + '10X98765432'[sum % 11]
}

export const HEADS = ['方山永', '罗大山', '覃秀英', '白小怡', '田德贵', '向玉兰']

/** A roster of families of three in two groups, by their heads; with a grown son they are four. */
function roster(heads, sons) {
  const rows = heads.flatMap((head, at) => {
    const number = `${CODE}${String(at + 1).padStart(4, '0')}`
    const son = [`${head[0]}满仓`, '之子', '男', `${1985 - Math.floor(at / 100)}0906`]
    // A hundred families to a year: their serial numbers have three digits.
    const age = Math.floor(at / 100)
    const family = [
      [head, '户主', '男', `${1958 - age}0312`],
      [`${head[0]}桂花`, '配偶', '女', `${1960 - age}0704`],
      [`${head[0]}小宝`, '孙子', '男', `${2016 - age}0901`],
      ...(sons ? [son] : []),
    ]
    const serial = (at % 100) * 10
    return family.map(([name, relation, sex, born], member) =>
      [
        '大村', `${1 + (at % 2)}组`, number, name, sex, idNumber(born, serial + member * 2 + (sex === '男' ? 1 : 0)), relation,
        `1540000${String(at).padStart(4, '0')}`,
      ].join(','),
    )
  })
  return ['行政村,村民小组,户编号,姓名,性别,证件号码,与户主关系,联系电话', ...rows].join('\n')
}

/** An endpoint that serves the built app and holds the village of these families. */
export async function village(t, heads = HEADS, { sons = false } = {}) {
  const file = join(folder(t), 'roster.csv')
  writeFileSync(file, roster(heads, sons))
  const endpoint = await Endpoint.start(t, { args: ['--app', APP, '--log', 'off'] })
  await endpoint.must('village', 'import', file, '--village', CODE, '--demonstration')
  return endpoint
}

/** An invitation: its link through `signal`, and its code. */
export async function invitation(endpoint, signal, name, role = 'member') {
  const said = await endpoint.must(
    'invite', '--village', CODE, '--name', name, '--role', role, '--base-url', signal.url, '--lang', 'zh',
  )
  const link = /https?:\S+/.exec(said)?.[0]
  const code = /邀请码：(\S+)/.exec(said)?.[1]
  assert.ok(link && code, said)
  return { link, code }
}

/**
 * A phone with a connection of its own that has joined as `name` and holds the whole village, and, if it is to be
 * `whole`, all of the app too.
 */
export async function joined(t, endpoint, name, { role = 'leader', whole = true, unreachable, ...options } = {}) {
  const signal = await Signal.open(t, { port: endpoint.port })
  signal.unreachable = unreachable
  const phone = await Phone.open(t, options)
  const { link } = await invitation(endpoint, signal, name, role)
  const { page } = phone
  await page.goto(link)
  await page.getByRole('button', { name: `我是${name}，加入` }).click()
  await page.locator('.meters').waitFor()
  await page.goto(`${signal.url}/households`)
  await page.getByText(HEADS[5]).waitFor()
  if (whole) await appStored(page)
  return { phone, page, signal }
}

/** Opens the page of the household of `head`, and returns its path. */
export async function visitHousehold(page, signal, head) {
  await page.goto(`${signal.url}/households`)
  await page.locator('.house-row', { hasText: head }).click()
  await page.locator('.house-card').waitFor()
  return new URL(page.url()).pathname
}

/** Whether the storage of the phone holds `sought` in any of its records. */
async function holds(sought) {
  const needle = [...new TextEncoder().encode(sought)].join()
  const asked = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
  for (const { name } of await indexedDB.databases()) {
    const database = await asked(indexedDB.open(name))
    try {
      for (const table of database.objectStoreNames) {
        const values = await asked(database.transaction(table).objectStore(table).getAll())
        if (values.some((value) => new Uint8Array(value.buffer ?? value).join().includes(needle))) return true
      }
    } finally {
      database.close()
    }
  }
  return false
}

/** Waits until the phone has stored `words`: only then they outlive the page. */
export function stored(page, words) {
  return until(`storing ${words}`, () => page.evaluate(holds, words))
}
