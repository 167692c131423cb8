// Runs every end-to-end test and prints the sum as the last line: `node tests/e2e/run.mjs [WORD in the file name]`.
import { readdirSync } from 'node:fs'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { fileURLToPath } from 'node:url'

// A file of tests; each round of real crashes that was asked for takes its time too.
const TEST_MS = 600_000 + Number(process.env.BIANFANG_ROUNDS ?? 0) * 60_000

const here = fileURLToPath(new URL('.', import.meta.url))
const wanted = process.argv[2] ?? ''
const files = readdirSync(here)
  .filter((name) => name.endsWith('.test.mjs') && name.includes(wanted))
  .sort()
  .map((name) => here + name)

let passed = 0
let failed = 0
// Two at a time: a story waits for pages, disks and the endpoint more than it computes.
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
