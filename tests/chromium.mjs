// The Chromium of all tests and measurements: which program, how it is started, and a profile as a phone would have it.
import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

// The packages of the tests are those of the web project.
const require = createRequire(new URL('../www/package.json', import.meta.url))
export const { chromium } = require('playwright-core')

export const executablePath = process.env.BIANFANG_BROWSER ?? '/usr/bin/chromium'

export const FLAGS = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  // A cut connection must look cut, also to a browser that would try another protocol.
  '--disable-quic',
  // Chromium refuses its sandbox to root.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
]

/** What a person's browser grants an installed app: on a nearly full disk it evicts the storage of every other site. */
const PREFERENCES = { profile: { default_content_setting_values: { durable_storage: 1 } } }

/** Makes the folder of a new profile one whose storage is kept. */
export function keepStorage(profile) {
  mkdirSync(join(profile, 'Default'))
  writeFileSync(join(profile, 'Default', 'Preferences'), JSON.stringify(PREFERENCES))
}
