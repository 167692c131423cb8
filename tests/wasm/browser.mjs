// Starts Chromium and drives the test page in it.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FLAGS, chromium, executablePath, keepStorage } from '../chromium.mjs'

// A name that is not localhost, so that its pages have no secure context.
const PLAIN = '--host-resolver-rules=MAP plain.test 127.0.0.1'
const OPTIONS = { executablePath, headless: true, args: [...FLAGS, PLAIN] }

/** A browser that forgets everything when it is closed. */
export const startBrowser = () => chromium.launch(OPTIONS)

/** A folder for browsers that remember; `remove` clears it away. */
export async function makeProfile() {
  const folder = await mkdtemp(join(tmpdir(), 'bianfang-wasm-'))
  keepStorage(folder)
  return { folder, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }) }
}

/** A browser that remembers what is in the folder of its profile. */
export const startRemembering = (folder) => chromium.launchPersistentContext(folder, OPTIONS)

/** How often it is looked whether a process has ended, milliseconds. */
const LOOK_MS = 20

/**
 * Does what ends a browser and waits until all its processes are gone: one that lingers still holds the databases of
 * its profile, and the next browser would take them for broken.
 */
export async function end(context, how) {
  const session = await context.browser().newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  const closed = new Promise((resolve) => context.on('close', resolve))
  await how(session, context)
  await closed
  for (const { id } of processInfo) {
    while (isAlive(id)) await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Opens the test page in a context. */
export async function openTab(context, origin) {
  const page = await context.newPage()
  const session = await context.newCDPSession(page)
  await page.exposeFunction('setQuota', (bytes) =>
    session.send('Storage.overrideQuotaForOrigin', bytes === null ? { origin } : { origin, quotaSize: bytes }),
  )
  await page.goto(origin)
  return new Tab(page, session, origin)
}

/** The test page in a tab of the browser. */
export class Tab {
  constructor(page, session, origin) {
    this.page = page
    this.session = session
    this.origin = origin
  }

  /** Starts a worker with the core inside. */
  async worker() {
    const number = await this.page.evaluate(() => globalThis.startWorker())
    return {
      /** Runs a function in the worker, as f(core, kept, ...args); rejected with what it threw. */
      run: async (f, ...args) => {
        const send = ([number, source, args]) => globalThis.runInWorker(number, source, args)
        try {
          return await this.page.evaluate(send, [number, f.toString(), args])
        } catch (error) {
          // Playwright adds where in the driver it was called from.
          throw new Error(error.message.replace(/^page\.evaluate: (Error: )?/, '').split('\n')[0], { cause: error })
        }
      },
      panics: () => this.page.evaluate((number) => globalThis.panicsOf(number), number),
      stop: () => this.page.evaluate((number) => globalThis.stopWorker(number), number),
    }
  }

  close() {
    return this.page.close()
  }
}
