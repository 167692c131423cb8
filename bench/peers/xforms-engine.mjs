// ODK's xforms-engine with a form, in the browser for which it is made: opening it, one answer with everything that
// follows, a list of choices behind a filter. `node xforms-engine.mjs INPUT.json`; the input holds the same form as an
// XForm, and what to answer. The last line is JSON: the middle of several turns each, milliseconds.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium, executablePath, FLAGS } from '../../tests/chromium.mjs'

const { xform, answer, follows, filter, choose, kept, turns } = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const PAGE = 'https://engine.invalid/'
const engine = readFileSync(createRequire(import.meta.url).resolve('@getodk/xforms-engine'))

const browser = await chromium.launch({ executablePath, args: FLAGS })
const page = await browser.newPage()
await page.route(`${PAGE}**`, (route) =>
  route.request().url().endsWith('.js')
    ? route.fulfill({ body: engine, contentType: 'text/javascript' })
    : route.fulfill({ body: '<!doctype html><title>engine</title>', contentType: 'text/html' }),
)
await page.goto(PAGE)
const figures = await page.evaluate(
  async ({ xform, answer, follows, filter, choose, kept, turns }) => {
    const { createInstance } = await import('/engine.js')
    const middle = (times) => times.sort((one, other) => one - other)[Math.floor(times.length / 2)]
    /** Every node with its words and whether it must be answered, as a screen reads them. */
    const look = (node) => {
      const { children, label, relevant, required } = node.currentState
      let read = String(label?.asString ?? '').length + Number(required)
      if (relevant && Array.isArray(children)) for (const child of children) read += look(child)
      return read
    }
    const find = (node, place) =>
      place.split('/').reduce((at, name) => at.currentState.children.find((child) => child.definition.nodeset.endsWith(`/${name}`)), node)
    const often = async (work) => {
      const times = []
      for (let turn = 0; turn < turns; turn += 1) {
        const begin = performance.now()
        await work(turn)
        times.push(performance.now() - begin)
      }
      return middle(times)
    }

    const opened = await often(async () => look((await createInstance(xform)).root))
    const { root } = await createInstance(xform)
    const first = find(root, answer)
    const answered = await often((turn) => {
      first.setValue(BigInt(turn + 1))
      return look(root)
    })
    if (String(find(root, follows).currentState.value) !== String(turns)) throw new Error('what follows was not recomputed')

    const [town, value] = filter
    const towns = find(root, town)
    const village = find(root, choose)
    const chosen = await often((turn) => {
      towns.selectValue(`t${turn}`)
      return village.currentState.valueOptions.length
    })
    towns.selectValue(value)
    if (village.currentState.valueOptions.length !== kept) throw new Error('the filter lets others through')
    return { opened, answered, chosen }
  },
  { xform, answer, follows, filter, choose, kept, turns },
)
await browser.close()
console.log(JSON.stringify(figures))
