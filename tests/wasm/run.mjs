// Runs the core's tests in a headless Chromium: node run.mjs CORE_FOLDER [PART_OF_A_NAME]
//
// CORE_FOLDER holds the core with what the tests call and its JavaScript (bianfang.js); BIANFANG_SIM names the native
// simulation.
import { resolve } from 'node:path'
import { openTab, startBrowser } from './browser.mjs'
import { startServer } from './server.mjs'
import * as bindings from './bindings.test.mjs'
import * as contract from './contract.test.mjs'
import * as crash from './crash.test.mjs'
import * as device from './device.test.mjs'
import * as link from './link.test.mjs'
import * as sim from './sim.test.mjs'
import * as store from './store.test.mjs'

/** No test takes this long, seconds. */
const TEST_S_MAX = 120

const [folder, part = ''] = process.argv.slice(2)
if (!folder) {
  console.error('usage: node run.mjs CORE_FOLDER [PART_OF_A_NAME]')
  process.exit(2)
}

const coreFolder = resolve(folder)
const server = await startServer(coreFolder)
const browser = await startBrowser()
const world = {
  coreFolder,
  server,
  browser,
  origin: `http://localhost:${server.port}`,
  openTab,
  /** Storage of its own, as a browser has when it is new; `again` opens another tab on it. */
  async fresh() {
    const context = await browser.newContext()
    const tab = await openTab(context, world.origin)
    return { context, tab, again: () => openTab(context, world.origin), close: () => context.close() }
  },
}

let passed = 0
let failed = 0
const tests = [contract, store, link, device, bindings, crash, sim].flatMap((file) => Object.entries(file.tests))
for (const [name, test] of tests.filter(([name]) => name.includes(part))) {
  const began = performance.now()
  const error = await outcome(test)
  const took = `${Math.round(performance.now() - began)} ms`
  if (error) {
    failed += 1
    console.log(`FAILED  ${name} (${took})\n        ${error.stack}`)
  } else {
    passed += 1
    console.log(`ok      ${name} (${took})`)
  }
}
/** Nothing, or why the test failed. */
async function outcome(test) {
  let alarm
  const late = new Promise((_, reject) => {
    alarm = setTimeout(() => reject(new Error(`not done after ${TEST_S_MAX} s`)), TEST_S_MAX * 1000)
  })
  try {
    await Promise.race([test(world), late])
    return null
  } catch (error) {
    return error
  } finally {
    clearTimeout(alarm)
  }
}

await browser.close()
await server.stop()
console.log(`${passed} passed, ${failed} failed`)
// At once: a test that failed may have left a browser open.
process.exit(failed === 0 && passed > 0 ? 0 : 1)
