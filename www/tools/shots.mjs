// Pictures of every screen at three sizes, three type sizes and in both languages: `node tools/shots.mjs [SCREEN…] [--only zh/360x740/large] [--dark]`.
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join as path, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { measure } from './shots/measure.mjs'
import { openContext, settled, startBrowser } from './shots/phone.mjs'
import { SCREENS } from './shots/screens.mjs'
import { sheet } from './shots/sheet.mjs'
import { emptyVillage, livedIn } from './shots/stage.mjs'
import { threePhones } from './shots/three-phones.mjs'

const LANGUAGES = ['zh', 'en']
const TYPES = ['standard', 'large', 'huge']
const SIZES = [[360, 740], [412, 915], [1280, 800]]
/** A long screen is also drawn whole, but not without end. */
const WHOLE_MAX = 4000
const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const OUT = process.env.BIANFANG_SHOTS ?? path(ROOT, 'target/shots')

const HELP = `cargo xtask shots [SCREEN…] [OPTIONS]

  SCREEN                a screen, or how its name begins; without any, all of them
  three-phones          the page of the three phones, into docs/three-phones.png
  --only PART[/PART…]   only what is named: zh or en, 360x740 412x915 or 1280x800, standard large or huge
  --dark                with the dark colours
  --list                the names of the screens
`

/** What nobody can draw, because the command line names it wrongly. */
class Slip extends Error {}

/** The command line as choices; a slip is told with the help. */
function choices(args) {
  const wanted = { names: [], dark: false, languages: LANGUAGES, types: TYPES, sizes: SIZES }
  for (let at = 0; at < args.length; at += 1) {
    if (args[at] === '--dark') wanted.dark = true
    else if (args[at] === '--only') narrow(wanted, (args[at += 1] ?? '').split('/'))
    else if (SCREENS.some((screen) => screen.name.startsWith(args[at]))) wanted.names.push(args[at])
    else throw new Slip(`there is no screen ${args[at]}`)
  }
  wanted.screens = SCREENS.filter((screen) => wanted.names.length === 0 || wanted.names.some((name) => screen.name.startsWith(name)))
  return wanted
}

function narrow(wanted, parts) {
  for (const part of parts) {
    const size = SIZES.filter((one) => one.join('x') === part)
    if (LANGUAGES.includes(part)) wanted.languages = [part]
    else if (TYPES.includes(part)) wanted.types = [part]
    else if (size.length > 0) wanted.sizes = size
    else throw new Slip(`--only knows no ${part || 'empty part'}`)
  }
}

/** Draws one screen at every wanted size; gives back what is wrong with it as far as that can be measured. */
async function draw(page, screen, language, type, wanted) {
  const troubles = []
  for (const [width, height] of wanted.sizes) {
    const folder = path(OUT, language, `${width}x${height}`, type + (wanted.dark ? '-dark' : ''))
    mkdirSync(folder, { recursive: true })
    await page.setViewportSize({ width, height })
    await settled(page)
    const place = await scrolled(page)
    const found = await measure(page)
    troubles.push(...found.map((trouble) => `${screen.name} (${language}, ${width}x${height}, ${type}): ${trouble}`))
    await page.screenshot({ path: path(folder, `${screen.name}.png`) })
    const hidden = await page.evaluate(() =>
      Math.max(0, ...[...document.querySelectorAll('.page-body')].map((body) => body.scrollHeight - body.clientHeight)))
    if (hidden > 0) {
      await page.setViewportSize({ width, height: Math.min(WHOLE_MAX, height + hidden) })
      await settled(page)
      await page.screenshot({ path: path(folder, `${screen.name}.whole.png`) })
      await page.setViewportSize({ width, height })
      await page.evaluate(put, place)
    }
  }
  await page.setViewportSize({ width: wanted.sizes[0][0], height: wanted.sizes[0][1] })
  return troubles
}

const scrolled = (page) => page.evaluate(() => [...document.querySelectorAll('.page-body')].map((body) => body.scrollTop))
const put = (tops) => [...document.querySelectorAll('.page-body')].forEach((body, at) => body.scrollTo(0, tops[at] ?? 0))

/** A page that speaks the language and has the type size from its first moment. */
async function openPage(context, language, type) {
  const page = await context.newPage()
  await page.addInitScript(([language, type]) => {
    try {
      localStorage.setItem('language', language)
      localStorage.setItem('size', type)
    } catch {
      // A page without an origin has no storage, and shows nothing.
    }
  }, [language, type])
  return page
}

async function shoot(world, screen, language, type, wanted) {
  const own = screen.stage === 'before'
  const options = { colorScheme: wanted.dark ? 'dark' : 'light', ...(screen.agent ? { userAgent: screen.agent } : {}) }
  const context = own ? await openContext(world.browser, { ...options, serviceWorkers: 'block' }) : world.context
  const page = await openPage(context, language, type)
  try {
    if (!own) await page.emulateMedia({ colorScheme: options.colorScheme, reducedMotion: 'reduce' })
    await screen.before?.(page, world)
    if (screen.go) await screen.go(page, world)
    else await page.goto(world.origin + screen.path.replace('{show}', world.show?.id).replace('{other}', world.other?.id))
    if (screen.cut) await world.village.signal(world.phone, false)
    if (!screen.go) await page.locator(screen.ready ?? '.tabs').waitFor({ state: 'attached' })
    await settled(page)
    await screen.act?.(page, world)
    if (screen.go && screen.ready) await page.locator(screen.ready).first().waitFor()
    const troubles = await draw(page, screen, language, type, wanted)
    await screen.undo?.(page, world)
    return troubles
  } finally {
    if (screen.cut) await world.village.signal(world.phone, true)
    await page.close()
    if (own) await context.close()
  }
}

/** Every wanted screen; what is wrong or could not be drawn is said again at the end, and the rest goes on. */
async function shootAll(wanted) {
  const browser = await startBrowser()
  const total = wanted.screens.length * wanted.languages.length * wanted.types.length
  const failed = []
  let done = 0
  try {
    for (const stage of ['before', 'app', 'damaged', 'empty']) {
      const screens = wanted.screens.filter((screen) => screen.stage === stage)
      if (screens.length === 0) continue
      const world = await (stage === 'empty' ? emptyVillage : livedIn)(browser, OUT, stage)
      for (const language of wanted.languages) {
        for (const type of wanted.types) {
          for (const screen of screens) {
            done += 1
            console.log(`[${done}/${total}] ${language} ${type} ${screen.name}`)
            const failure = (error) => [`${screen.name} (${language}, ${type}): not drawn: ${error.message}`]
            const troubles = await shoot(world, screen, language, type, wanted).catch(failure)
            troubles.forEach((trouble) => console.log(`  ${trouble.split('\n')[0]}`))
            failed.push(...troubles)
          }
        }
      }
      await world.end()
    }
  } finally {
    await browser.close()
  }
  return failed
}

/** Every picture there is, below the folder of the pictures. */
function pictures(folder = OUT) {
  return readdirSync(folder).flatMap((name) => {
    const file = path(folder, name)
    if (statSync(file).isDirectory()) return name.startsWith('village') ? [] : pictures(file)
    return name.endsWith('.png') ? [relative(OUT, file)] : []
  })
}

/** As asked for; ends with the help where that cannot be understood. */
function asked(args) {
  try {
    return choices(args)
  } catch (error) {
    if (!(error instanceof Slip)) throw error
    console.error(`${error.message}\n\n${HELP}`)
    process.exit(2)
  }
}

const args = process.argv.slice(2)
if (args.includes('--help') || args.includes('-h')) console.log(HELP)
else if (args.includes('--list')) SCREENS.forEach((screen) => console.log(screen.name))
else if (args[0] === '--check') {
  if (args[1] !== 'three-phones') asked(args.slice(1))
} else if (args[0] === 'three-phones') {
  await threePhones(OUT, path(ROOT, 'docs/three-phones.png'))
} else {
  const wanted = asked(args)
  if (args.length === 0) LANGUAGES.forEach((language) => rmSync(path(OUT, language), { recursive: true, force: true }))
  mkdirSync(OUT, { recursive: true })
  const failed = await shootAll(wanted)
  const index = path(OUT, 'index.html')
  const drawn = pictures()
  writeFileSync(index, sheet(drawn))
  console.log(`\n${drawn.length} pictures: ${index}`)
  if (failed.length > 0) {
    console.log(`\nto be mended:\n${failed.join('\n')}`)
    process.exitCode = 1
  }
}
