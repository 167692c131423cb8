// The village of the pictures: the demonstration with its three phones, started as a program of its own and ended with us.
import { spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const ENDPOINT = process.env.BIANFANG_ENDPOINT ?? join(root, 'target/debug/bianfang')
const PACKS = join(root, 'packs')
const PROGRAM = process.env.BIANFANG_DEMO ?? join(root, 'target/debug/bianfang-demo')
/** A village with six weeks of history takes its time. */
const MADE_MS = 300_000
const OURS = { 'content-type': 'application/json', 'x-bianfang-demo': '1' }

/** Publishes the forms that come with the app to the village in this folder, when there is one. */
function publishForms(data) {
  if (!existsSync(join(data, 'demo.json'))) return
  const { code } = JSON.parse(readFileSync(join(data, 'demo.json'), 'utf8'))
  for (const name of readdirSync(PACKS).filter((one) => one.endsWith('.md') && one !== 'README.md')) {
    const published = spawnSync(ENDPOINT, ['form', 'publish', join(PACKS, name), '--village', code, '--data', data], { encoding: 'utf8' })
    if (published.status !== 0) throw new Error(`${name}: ${published.stdout}${published.stderr}`)
  }
}

/** One demonstration: `address` is its page, `phones` the phones as the page knows them. */
export class Village {
  /**
   * Starts a copy of the village that is kept in `out`, so that the next pictures begin from the same one; it is made
   * when there is none of today. `args` as `cargo xtask serve` takes them.
   */
  static async start(out, args = []) {
    const kept = join(out, 'village')
    const copy = join(out, 'village-in-use')
    const first = await Village.#open(kept, args)
    await first.stop()
    rmSync(copy, { recursive: true, force: true })
    cpSync(kept, copy, { recursive: true })
    publishForms(join(copy, 'village'))
    return Village.#open(copy, args)
  }

  static async #open(data, args) {
    const village = new Village()
    mkdirSync(data, { recursive: true })
    const options = ['--data', data, '--app', join(root, 'www/dist'), '--port', '0', ...args]
    village.process = spawn(PROGRAM, options, { stdio: ['ignore', 'pipe', 'inherit'] })
    // Whatever ends us ends it.
    process.once('exit', () => void village.stop())
    village.address = await village.#begun()
    return village
  }

  #begun() {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('the demonstration did not start')), MADE_MS)
      this.process.once('error', reject)
      this.process.once('exit', (code) => reject(new Error(`the demonstration ended with ${code}`)))
      createInterface({ input: this.process.stdout }).on('line', (line) => {
        if (/ {2}\S+做|走访：|导入名册：/.test(line)) console.log(line)
        const address = /三部手机.*?(http:\/\/[\d.:]+)/.exec(line)?.[1]
        if (!address) return
        clearTimeout(late)
        resolve(address)
      })
    })
  }

  /** What the page of the three phones knows: the phones, and the household that it proposes. */
  async state() {
    return (await fetch(`${this.address}/state`)).json()
  }

  /** Gives or takes the signal of a phone. */
  async signal(phone, on) {
    const answer = await fetch(`${this.address}/signal`, { method: 'POST', headers: OURS, body: JSON.stringify({ phone, on }) })
    if (!answer.ok) throw new Error(await answer.text())
  }

  /** A new invitation for the person of a phone. */
  async invitation(origin) {
    const answer = await fetch(`${origin}/demo/invitation`, { method: 'POST', headers: OURS, body: '{}' })
    return (await answer.json()).token
  }

  /** Ends it; another one may use the folder then. */
  stop() {
    const ended = new Promise((resolve) => this.process.once('close', resolve))
    this.process.kill('SIGTERM')
    return this.process.exitCode === null && this.process.signalCode === null ? ended : Promise.resolve()
  }
}
