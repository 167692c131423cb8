// The same seed tells the same story natively and in the browser: every event, request, answer and stored batch.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Stories that are told twice; the first of them is long. */
const SEEDS = 8

export const tests = {
  'sim: the same seeds leave the same traces natively and in wasm': async (world) => {
    const program = process.env.BIANFANG_SIM
    if (!program) throw new Error('BIANFANG_SIM names the native simulation')
    const native = promisify(execFile)(program, ['--traces', '--seeds', String(SEEDS)])
    const { tab, close } = await world.fresh()
    const worker = await tab.worker()
    const there = await worker.run((core, _kept, seeds) => {
      return Array.from({ length: seeds }, (_, seed) => `${seed} ${core.play_story(seed)}`)
    }, SEEDS)
    await close()
    const here = (await native).stdout.trim().split('\n')
    if (here.length !== SEEDS || new Set(here.map((line) => line.split(' ')[1])).size !== SEEDS) {
      throw new Error(`not ${SEEDS} different stories: ${here.join(' | ')}`)
    }
    here.forEach((line, seed) => {
      if (line !== there[seed]) throw new Error(`natively ${line}, in wasm ${there[seed]}`)
    })
  },
}
