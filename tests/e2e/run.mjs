// Runs every end-to-end test and prints the sum as the last line: `node tests/e2e/run.mjs [WORD in the file name]`.
import { readdirSync } from 'node:fs'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { fileURLToPath } from 'node:url'

// A file of tests; each round of real crashes that was asked for takes its time too.
const TEST_MS = 600_000 + Number(process.env.BIANFANG_ROUNDS ?? 0) * 60_000

// The longest first, so that none of them is left alone at the end.
const LONG = ['three', 'forms-filled', 'update', 'screens']

const here = fileURLToPath(new URL('.', import.meta.url))
const wanted = process.argv[2] ?? ''
const files = readdirSync(here)
  .filter((name) => name.endsWith('.test.mjs') && name.includes(wanted))
  .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
  .map((name) => here + name)

function rank(name) {
  const at = LONG.indexOf(name.split('.')[0])
  return at < 0 ? LONG.length : at
}

let passed = 0
let failed = 0
// Two at a time: with more, each waits for the processor longer than the stories together win.
const stream = run({ files, concurrency: 2, timeout: TEST_MS })
const counts = (data) => data.details.type !== 'suite' && !files.includes(data.name)
stream.on('test:pass', (data) => (passed += counts(data) ? 1 : 0))
// A file that cannot even be read fails under its own name.
stream.on('test:fail', (data) => (failed += data.details.type === 'suite' ? 0 : 1))

stream.compose(spec).pipe(process.stdout)
stream.once('end', () => {
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1
  process.once('beforeExit', () => console.log(`${passed} passed, ${failed} failed`))
})
