// Every screen of the app and how a person gets there. A screen that changes something comes after those it would change.
import { PLAIN, tapMain } from './phone.mjs'

const WECHAT =
  'Mozilla/5.0 (Linux; Android 13; V2166A) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/116.0.0.0 Mobile Safari/537.36 MicroMessenger/8.0.42'
const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1'

const list = (page) => page.locator('.list-pane')
const detail = (page) => page.locator('.detail-pane')
const home = (page, nth) => page.locator('.home-choice input').nth(nth).check()
const openLink = async (page, { origin, village }, path) => page.goto(`${origin}${path}${await village.invitation(origin)}`)

/** Pages before the app, each in a browser that has never seen it. */
const before = [
  {
    name: 'join',
    go: (page, world) => openLink(page, world, '/#i='),
    ready: '.figures',
  },
  { name: 'join-code', go: (page, { origin }) => page.goto(origin), ready: '.code-input' },
  {
    name: 'join-wrong-code',
    go: async (page, { origin }) => {
      await page.goto(origin)
      await page.locator('.code-input').fill('8K4M2XQR')
      await tapMain(page)
    },
    ready: '.problem-card',
  },
  {
    name: 'join-used',
    go: (page, { origin, spent }) => page.goto(`${origin}/#i=${spent}`),
    ready: '.problem-card',
  },
  {
    name: 'join-no-signal',
    go: async (page, world) => {
      await page.goto(world.origin)
      await page.locator('.code-input').fill('8K4M2XQR')
      await page.context().setOffline(true)
      await tapMain(page)
    },
    ready: '.problem-card',
  },
  {
    name: 'loading',
    go: async (page, world) => {
      let through = 2
      await page.route('**/v1/**', (route) => {
        if (!/load|sync/.test(route.request().url()) || through-- > 0) return route.continue()
        return undefined
      })
      await openLink(page, world, '/#i=')
      await page.locator('.join .page-action .van-button--primary').click()
    },
    ready: '.load-progress',
  },
  { name: 'wechat', agent: WECHAT, go: (page, world) => openLink(page, world, '/#c=8K4M2XQR&i='), ready: '.wechat-picture' },
  { name: 'iphone', agent: IPHONE, go: (page, world) => openLink(page, world, '/#c=8K4M2XQR&i='), ready: '.apple-steps' },
  {
    name: 'plain-http',
    go: (page, { origin }) => page.goto(origin.replace('127.0.0.1', PLAIN)),
    ready: '.obstacle',
  },
  {
    name: 'old-browser',
    go: async (page, { origin }) => {
      await page.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, 'locks'))
      await page.goto(origin)
    },
    ready: '.obstacle',
  },
  {
    name: 'not-saved',
    go: async (page, world) => {
      await prepended(page, () => {
        new BroadcastChannel('room').onmessage = () => {
          IDBObjectStore.prototype.put = () => {
            throw new DOMException('The quota has been exceeded.', 'QuotaExceededError')
          }
        }
      })
      await openLink(page, world, '/#i=')
      await tapMain(page)
      await page.locator('.meters').waitFor()
      await page.goto(`${world.origin}/h/${world.show.id}/visit`)
      await home(page, 0)
      await page.waitForTimeout(400)
      await page.evaluate(() => new BroadcastChannel('room').postMessage('full'))
      await tapMain(page)
    },
    ready: '.detail-pane .problem-card',
  },
  {
    name: 'broken',
    go: async (page, { origin }) => {
      await prepended(page, () => {
        IDBFactory.prototype.open = () => {
          throw new DOMException('Internal error opening backing store for indexedDB.open.', 'UnknownError')
        }
      })
      await page.goto(origin)
    },
    ready: '.obstacle',
  },
]

/** The app of the team leader. `path` is opened in the app; {show} is the household with differing values. */
const app = [
  { name: 'today', path: '/today' },
  { name: 'households', path: '/households' },
  {
    name: 'households-search',
    path: '/households',
    act: async (page) => {
      await page.locator('.search input').fill('zgl')
      await page.waitForTimeout(400)
    },
  },
  {
    name: 'households-none',
    path: '/households',
    act: async (page) => {
      await page.locator('.search input').fill('没有的人')
      await list(page).locator('.empty').waitFor()
    },
  },
  {
    name: 'households-differs',
    path: '/households',
    act: async (page) => {
      await list(page).locator('.chips.tiles input[value="differs"]').check()
      await page.waitForTimeout(400)
    },
  },
  { name: 'differences', path: '/differences', ready: '.differences-of >> nth=0' },
  {
    name: 'differences-fill',
    path: '/differences',
    ready: '.differences-of >> nth=0',
    act: async (page) => {
      await page.locator('.differs-card .details summary').first().click()
      await page.locator('.differs-more button').first().click()
      await page.locator('.differs-card .field').first().waitFor()
    },
  },
  { name: 'household', path: '/h/{show}' },
  {
    name: 'household-menu',
    path: '/h/{show}',
    act: (page) => detail(page).locator('.page-head .head-button').last().click(),
  },
  {
    name: 'household-id-held',
    path: '/h/{show}',
    act: async (page) => {
      const held = detail(page).locator('.hold-id').first()
      await held.scrollIntoViewIfNeeded()
      await held.dispatchEvent('pointerdown')
      await page.waitForTimeout(200)
    },
  },
  {
    name: 'household-visit-open',
    path: '/h/{show}',
    act: async (page) => {
      const visit = detail(page).locator('.visit-item summary').first()
      await visit.click()
      await visit.scrollIntoViewIfNeeded()
    },
  },
  {
    name: 'visit-withdraw',
    path: '/h/{show}',
    act: async (page) => {
      const visit = detail(page).locator('.visit-item').first()
      await visit.locator('summary').click()
      await visit.locator('.van-button').last().click()
      await page.locator('dialog[open]').waitFor()
    },
  },
  { name: 'visit', path: '/h/{show}/visit' },
  { name: 'visit-nobody-home', path: '/h/{show}/visit', act: (page) => home(page, 1), undo: discard },
  {
    name: 'visit-half',
    path: '/h/{show}/visit',
    act: async (page) => {
      await home(page, 0)
      await page.locator('.visit-check').first().locator('input').nth(0).click()
      await page.locator('.visit-check').nth(5).locator('input').nth(2).click()
      await detail(page).getByRole('button').filter({ has: page.locator('path[d^="M6 21V4"]') }).click()
      await page.locator('.finding-draft .chip input').last().check()
      await page.locator('.finding-draft textarea').fill('屋后排水沟堵了，下雨往屋里返水')
      await page.locator('.phrase').first().click()
      await page.evaluate(() => document.querySelector('.detail-pane .page-body').scrollTo(0, 0))
    },
    undo: discard,
  },
  {
    name: 'visit-discard',
    path: '/h/{show}/visit',
    act: async (page) => {
      await home(page, 0)
      await page.waitForTimeout(400)
      await page.reload()
      await detail(page).locator('.card.row .van-button').click()
      await page.locator('dialog[open]').waitFor()
    },
    undo: discard,
  },
  { name: 'edit-household', path: '/h/{show}/edit/own' },
  {
    name: 'edit-household-odd',
    path: '/h/{show}/edit/own',
    act: async (page) => {
      await page.evaluate(() => document.querySelectorAll('details').forEach((one) => { one.open = true }))
      await page.locator('[data-field="phone"] input').first().fill('１３８０')
      const amounts = detail(page).locator('input[inputmode="decimal"]')
      for (let at = 0; at < (await amounts.count()); at += 1) await amounts.nth(at).fill('２１０００')
      await page.waitForTimeout(500)
    },
    undo: forget,
  },
  { name: 'edit-person', path: '/h/{show}', act: (page) => editFirstPerson(page) },
  { name: 'assess-housing', path: '/h/{show}/edit/assessments/housing' },
  { name: 'forms-household', path: '/f/{show}/own', ready: '.form-line >> nth=0' },
  { name: 'forms-village', path: '/forms', ready: '.detail-pane h1' },
  {
    name: 'form-housing',
    path: '/f/{show}/own',
    ready: '.form-line >> nth=0',
    act: async (page) => {
      await openForm(page, /住房安全|Safe housing/)
      await answer(page, { over_two: 'no', site: 'no', foundation: 'a', wall: 'c', beam: 'a', secondary: 'a' })
      await page.locator('.question-note').first().waitFor()
    },
    undo: dropForm,
  },
  {
    name: 'form-six-checks-missing',
    path: '/f/{show}/own',
    ready: '.form-line >> nth=0',
    act: async (page) => {
      await openForm(page, /六项/)
      await answer(page, { food: 'met', clothing: 'unmet' })
      await tapMain(page)
      await page.locator('.filling-left').waitFor()
    },
    undo: dropForm,
  },
  {
    name: 'form-record',
    path: '/f/{show}/own',
    ready: '.form-line >> nth=0',
    act: async (page) => {
      await openForm(page, /人居环境/)
      await answer(page, { toilet: 'yes', kitchen: 'yes', pen: 'no', green: 'no', beauty: 'yes', light: 'no' })
      await tapMain(page)
      await page.locator('.record-item a').first().click()
      await page.locator('.form-look').first().waitFor()
    },
  },
  { name: 'event', path: '/h/{show}/event' },
  {
    name: 'event-birth',
    path: '/h/{show}/event',
    act: (page) => detail(page).locator('.chips input').first().check(),
    undo: forget,
  },
  { name: 'pairing', path: '/h/{show}/pairing' },
  {
    name: 'history',
    path: '/h/{show}/history',
    act: (page) => detail(page).locator('.history-item .details summary').first().click(),
  },
  { name: 'history-field', path: '/h/{show}/history?record=own&field=phone', ready: '.history-item >> nth=0' },
  { name: 'past', path: `/h/{show}/on/${new Date().toISOString().slice(0, 10)}`, ready: '.past-banner' },
  {
    name: 'compare',
    path: '/households/new',
    ready: '.compare-sides',
    go: async (page, world) => page.goto(world.origin + (await twins(page, world))),
  },
  { name: 'register', path: '/households/new' },
  {
    name: 'register-alike',
    path: '/households/new',
    act: async (page, { show }) => {
      await page.locator('.detail-pane input').first().fill(show.head)
      await page.locator('.detail-pane select').selectOption(show.group)
      await page.locator('.twin-card').waitFor()
    },
    undo: forget,
  },
  { name: 'findings', path: '/findings' },
  {
    name: 'problem',
    path: '/findings',
    act: async (page) => {
      await page.locator('.list-pane .finding').first().click()
      await page.locator('.detail-pane [data-part="state"]').waitFor()
    },
  },
  {
    name: 'problem-step',
    path: '/findings',
    act: async (page) => {
      await page.locator('.list-pane .finding').first().click()
      await page.locator('.detail-pane .page-action .van-button').last().click()
      await page.locator('.detail-pane [data-field]').first().waitFor()
    },
  },
  {
    name: 'problem-sweep',
    path: '/findings',
    act: async (page) => {
      await page.locator('.list-pane .finding').first().click()
      await page.locator('.detail-pane [aria-haspopup="dialog"]').click()
      await page.locator('.menu-item', { hasText: /举一反三|in all households/ }).click()
      await page.getByRole('button', { name: /^(全村都查|Look everywhere)$/ }).click()
      await page.locator('.finding-sweep').waitFor()
    },
  },
  { name: 'campaigns', path: '/campaigns', ready: '.progress-line >> nth=0' },
  {
    name: 'campaign',
    path: '/campaigns',
    act: async (page) => {
      await page.locator('.progress-line').first().click()
      await page.locator('.campaign-group').first().waitFor()
    },
  },
  { name: 'quality', path: '/quality', ready: '.quality-row >> nth=0' },
  { name: 'lists', path: '/lists', ready: '.lists-rows .form-link >> nth=0' },
  { name: 'new-finding', path: '/findings/new' },
  { name: 'dispatch', path: '/dispatch' },
  { name: 'paper-ledger', path: '/paper/ledger' },
  { name: 'paper-notice', path: '/paper/notice' },
  { name: 'table', path: '/table' },
  { name: 'coverage', path: '/coverage' },
  { name: 'mine', path: '/mine' },
  { name: 'invite', path: '/invite' },
  {
    name: 'invite-made',
    path: '/invite',
    act: async (page) => {
      await page.locator('.detail-pane input[type="text"]').first().fill('陈建华')
      await page.locator('.detail-pane .chips input').first().check()
      await tapMain(page)
      await page.locator('.qr').waitFor()
    },
  },
  { name: 'errors', path: '/errors' },
  { name: 'rescue', path: '/rescue' },
  {
    name: 'rescue-made',
    path: '/rescue',
    act: makeFile,
  },
  {
    name: 'rescue-damaged',
    path: '/rescue',
    act: async (page) => {
      await makeFile(page)
      await page.evaluate(() => {
        const make = URL.createObjectURL
        URL.createObjectURL = (file) => make.call(URL, (globalThis.stored = file))
      })
      await detail(page).getByRole('button', { name: /存到手机|Keep on the phone/ }).click()
      const text = await page.evaluate(() => globalThis.stored.text())
      const buffer = Buffer.from(text.replace(/(BIANFANG 2\/[^]{60})..../, '$1****'))
      await page.locator('.detail-pane input[type="file"]').setInputFiles({ name: '遍访备份.txt', mimeType: 'text/plain', buffer })
      await page.locator('.rescue-opened').waitFor()
    },
  },
  { name: 'already-joined', path: '/join' },
  {
    name: 'visit-saved',
    path: '/h/{other}/visit',
    act: async (page) => {
      await home(page, 1)
      await tapMain(page)
      await page.locator('.toast').waitFor()
    },
  },
  {
    name: 'mine-no-signal',
    path: '/mine',
    cut: true,
    act: async (page) => {
      await list(page).locator('.page-action .van-button--primary').click()
      await list(page).locator('.problem-card').waitFor()
    },
  },
  {
    name: 'today-no-signal',
    path: '/today',
    cut: true,
  },
  {
    name: 'invite-no-signal',
    path: '/invite',
    cut: true,
    act: async (page) => {
      await page.locator('.detail-pane input[type="text"]').first().fill('陈建华')
      await page.locator('.detail-pane .chips input').first().check()
      await tapMain(page)
      await page.locator('.detail-pane .problem-card').waitFor()
    },
  },
  {
    name: 'elsewhere',
    path: '/today',
    act: async (page, { origin }) => {
      const second = await page.context().newPage()
      await second.goto(`${origin}/today`)
      await second.locator('.obstacle, .tabs').first().waitFor()
      if (await second.locator('.obstacle').count()) await tapMain(second)
      await page.locator('.obstacle').waitFor()
      page.once('close', () => void second.close())
      page.second = second
    },
    undo: (page) => page.second.close(),
  },
]

/** What lies on the phone and cannot be read: on a phone of their own, because it stays so. */
const damaged = [
  {
    name: 'mine-set-aside',
    path: '/mine',
    before: async (page, { origin, other }) => {
      await page.goto(`${origin}/demo/online`)
      await page.evaluate(damage, other.id)
      await page.goto(`${origin}/h/${other.id}`)
      await page.locator('.detail-pane .problem-card').waitFor()
    },
  },
  { name: 'household-set-aside', path: '/h/{other}' },
]

/** A village without a household, seen by somebody who is alone there. */
const empty = ['today', 'households', 'findings', 'mine', 'coverage'].map((name) => ({ name: `empty-${name}`, path: `/${name}` }))

export const SCREENS = [
  ...before.map((screen) => ({ ...screen, stage: 'before' })),
  ...app.map((screen) => ({ ...screen, stage: 'app' })),
  ...damaged.map((screen) => ({ ...screen, stage: 'damaged' })),
  ...empty.map((screen) => ({ ...screen, stage: 'empty' })),
]

/** Makes a rescue file of everything. */
async function makeFile(page) {
  await page.locator('.detail-pane .chips input').last().check()
  await tapMain(page)
  await page.locator('.rescue-file').waitFor()
}

/** Opens a form where it is offered. */
async function openForm(page, title) {
  await page.locator('.form-link', { hasText: title }).first().click()
  await page.locator('.filling [data-place]').first().waitFor()
}

/** Chooses answers by their places. */
async function answer(page, answers) {
  for (const [place, value] of Object.entries(answers)) {
    await page.locator(`[data-place="${place}"] input[value="${value}"]`).check()
  }
}

/** Drops what was begun of a form. */
async function dropForm(page) {
  await page.waitForTimeout(400)
  await page.reload()
  await page.locator('.filling-resumed .van-button').click()
  await page.locator('dialog[open] .van-button--danger').click()
  await page.locator('.form-line').first().waitFor()
}

/** Discards the draft of a visit. */
async function discard(page) {
  await page.waitForTimeout(400)
  await page.reload()
  const button = page.locator('.detail-pane .card.row .van-button')
  if (!(await button.count())) await page.locator('.home-choice').waitFor()
  if (!(await button.count())) return
  await button.click()
  await page.locator('dialog[open] .van-button--danger').click()
  await page.waitForURL(/\/h\/[^/]+$/)
}

/** Drops what was typed into a form and would be kept for the next time. */
async function forget(page, { origin }) {
  await page.waitForTimeout(400)
  await page.goto(`${origin}/demo/online`)
  await page.evaluate(async () => {
    const opened = (request) =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error)
      })
    const database = await opened(indexedDB.open('bianfang'))
    const writing = database.transaction('draft', 'readwrite')
    writing.objectStore('draft').clear()
    await new Promise((resolve) => writing.addEventListener('complete', resolve))
    database.close()
  })
}

/** Where the household that is shown stands beside a second record of the same family, which is written the first time. */
async function twins(page, world) {
  if (world.twins) return world.twins
  await page.goto(`${world.origin}/households/new`)
  const fields = page.locator('.detail-pane')
  await fields.locator('input').first().fill(world.show.head)
  await fields.locator('select').selectOption(world.show.group)
  await page.locator('.twin-card').waitFor()
  await tapMain(page)
  await page.waitForURL(/\/h\/[^/]+$/)
  await page.goto(`${world.origin}/differences`)
  const line = page.locator('.twin-line').first()
  await line.waitFor()
  return (world.twins = await line.getAttribute('href'))
}

async function editFirstPerson(page) {
  await page.locator('.detail-pane .person .link').first().click()
  await page.locator('.detail-pane .edit-section').first().waitFor()
}

/** Runs in the page: changes one byte of everything that is stored of a document. */
async function damage(document) {
  const opened = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
  // Letters of an id, five bits each, are the first bytes of the key.
  const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
  let number = 0n
  for (const letter of document.toUpperCase()) number = number * 32n + BigInt(letters.indexOf(letter))
  const id = Array.from({ length: 16 }, (_, at) => Number((number >> BigInt(8 * (15 - at))) & 255n))
  const database = await opened(indexedDB.open('bianfang'))
  const writing = database.transaction('chunk', 'readwrite')
  const store = writing.objectStore('chunk')
  for (const key of await opened(store.getAllKeys())) {
    const bytes = new Uint8Array(key)
    if (!id.every((byte, at) => bytes[at] === byte)) continue
    const value = new Uint8Array(await opened(store.get(key)))
    value[value.length >> 1] ^= 0xff
    store.put(value, key)
  }
  await new Promise((resolve) => writing.addEventListener('complete', resolve))
  database.close()
}

/** Puts a piece of script before that of the core's worker. */
function prepended(page, script) {
  return page.route('**/worker-*.js', async (route) => {
    const answer = await route.fetch()
    await route.fulfill({ response: answer, body: `(${script})();${await answer.text()}` })
  })
}
