// The worlds the pictures are taken in: a lived-in village on the leader's phone, and one without a household.
import { editField, join, openContext, saveVisit, settled, sync } from './phone.mjs'
import { Village } from './village.mjs'

const LEADER = 0
const MEMBER = 1

/** A village with six weeks of history, two differing phone numbers and both visits on the leader's phone. */
export async function livedIn(browser, out, stage) {
  const village = await Village.start(out)
  const { phones, show } = await village.state()
  const origin = phones[LEADER].origin
  const world = { browser, village, phone: LEADER, origin, show, other: undefined }
  world.context = await openContext(browser, { acceptDownloads: false })
  world.end = async () => {
    await world.context.close()
    await village.stop()
  }
  const page = await world.context.newPage()
  world.spent = await village.invitation(origin)
  await page.goto(`${origin}/#i=${world.spent}`)
  await join(page)
  if (stage === 'app') await differ(browser, village, page, phones, show)
  if (stage !== 'before') world.other = await another(page, origin, show)
  await page.close()
  return world
}

/** Two people change one phone number and save a visit each, both without signal; then all is exchanged. */
async function differ(browser, village, leader, phones, show) {
  const context = await openContext(browser)
  const member = await context.newPage()
  const [one, two] = [phones[LEADER].origin, phones[MEMBER].origin]
  await member.goto(`${two}/#i=${await village.invitation(two)}`)
  await join(member)
  await Promise.all([LEADER, MEMBER].map((phone) => village.signal(phone, false)))
  await Promise.all([
    write(leader, one, show.id, '15412340001', '水够吃，儿子在县城打工，过年回来。'),
    write(member, two, show.id, '15412340002', '今年的柑橘价钱比去年好。'),
  ])
  await Promise.all([LEADER, MEMBER].map((phone) => village.signal(phone, true)))
  await sync(leader, one)
  await sync(member, two)
  await sync(leader, one)
  await context.close()
}

/** What one person writes; the service worker gives the app without signal. */
async function write(page, origin, household, number, words) {
  await editField(page, origin, household, 'phone', number)
  await saveVisit(page, origin, household, words)
}

/** Another household than the one that is shown, to be changed and damaged. */
async function another(page, origin, show) {
  await page.goto(`${origin}/households`)
  await page.locator('.house-row').first().waitFor()
  const ids = await page.locator('.list-pane .house-row').evaluateAll((rows) => rows.map((row) => row.getAttribute('href').slice(3)))
  return { id: ids.find((id) => id !== show.id) }
}

/** A village without a household. */
export async function emptyVillage(browser, out) {
  const village = await Village.start(out, ['--empty'])
  const { phones } = await village.state()
  const origin = phones[LEADER].origin
  const context = await openContext(browser)
  const page = await context.newPage()
  await page.goto(`${origin}/#i=${await village.invitation(origin)}`)
  await join(page, false)
  await settled(page)
  await page.close()
  const end = async () => {
    await context.close()
    await village.stop()
  }
  return { browser, village, phone: LEADER, origin, context, end }
}
