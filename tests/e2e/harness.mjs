// What end-to-end tests stand on: a real browser with a profile of its own, the real endpoint, and a connection that can be cut.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { FLAGS, chromium, executablePath, keepStorage } from '../chromium.mjs'

const root = fileURLToPath(new URL('../../', import.meta.url))
const require = createRequire(new URL('../../www/package.json', import.meta.url))

/** The source of axe-core, to be run in a page. */
export const axePath = require.resolve('axe-core/axe.min.js')
/** The frame of a phone, in CSS pixels. */
export const PHONE = { width: 360, height: 740 }

const START_MS = 60_000
const STOP_MS = 20_000
const WAIT_MS = 30_000

const endings = new WeakMap()

/**
 * Does something when the test ends: the latest first, and each even when another fails. (Node's own way stops at the
 * first failure, and leaves browsers running.)
 */
export function atEnd(t, work) {
  const works = endings.get(t)
  if (works) {
    works.push(work)
    return
  }
  const fresh = [work]
  endings.set(t, fresh)
  t.after(async () => {
    const failures = []
    for (const one of fresh.reverse()) await Promise.resolve().then(one).catch((error) => failures.push(error))
    if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join('\n'))
  })
}

/** A folder that is gone when the test ends. */
export function folder(t) {
  const path = mkdtempSync(join(tmpdir(), 'bianfang-e2e-'))
  atEnd(t, () => rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }))
  return path
}

/** Ports that no system gives to outgoing connections: one of those could hold a port that is closed for a while. */
const PORTS = { from: 15_000, each: 256, parts: 64 }

function isFree(port) {
  return new Promise((resolve) => {
    const server = net.createServer().once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

/**
 * The first of `count` neighbouring ports that are free, and stay free while nobody listens on them: files of tests that
 * run beside each other are processes of their own, and each has its part of the ports.
 */
export async function freePort(count = 1) {
  const part = PORTS.from + (process.pid % PORTS.parts) * PORTS.each
  for (;;) {
    const first = part + Math.floor(Math.random() * (PORTS.each - count))
    const free = []
    for (let at = 0; at < count; at += 1) free.push(await isFree(first + at))
    if (free.every(Boolean)) return first
  }
}

/** What a step takes too long for is a failure with a name, not a run that hangs. */
async function within(ms, what, promise) {
  let timer
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than ${ms / 1000} s`)), ms)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

/**
 * Asks again and again until the answer is yes. (A page waits for a function, but takes its promise for a yes.)
 */
export async function until(what, check) {
  let ended = false
  const asking = (async () => {
    while (!ended && !(await check()));
  })()
  await within(WAIT_MS, what, asking).finally(() => (ended = true))
}

/** When the app is wholly on the phone: only then it starts without signal. */
export function appStored(page) {
  return page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
}

/** A browser with its own storage; `restart` is what a person sees after the phone killed it. */
export class Phone {
  static async open(t, options = {}) {
    const phone = new Phone(folder(t), options)
    keepStorage(phone.profile)
    atEnd(t, () => phone.close())
    await phone.#launch()
    return phone
  }

  constructor(profile, options) {
    this.profile = profile
    this.options = options
    /** What pages wrote as warnings and errors, among it every breach of the content security policy. */
    this.complaints = []
  }

  async #launch() {
    const { flags = [], ...options } = this.options
    this.context = await chromium.launchPersistentContext(this.profile, {
      executablePath,
      args: [...FLAGS, ...flags],
      viewport: PHONE,
      locale: 'zh-CN',
      timezoneId: 'Asia/Shanghai',
      hasTouch: true,
      ...options,
    })
    this.context.on('console', (message) => {
      if (['warning', 'error'].includes(message.type())) this.complaints.push(message.text())
    })
    this.context.on('weberror', (error) => this.complaints.push(String(error.error())))
    this.page = this.context.pages()[0] ?? (await this.context.newPage())
  }

  /** Ends the browser and starts it again with the same storage. */
  async restart() {
    await this.close()
    await this.#launch()
    return this.page
  }

  /** Kills every process of the browser at once, as a phone that needs the memory, and starts it again. */
  async killAndRestart() {
    const gone = new Promise((resolve) => this.context.once('close', resolve))
    const { stdout } = await run('ps', ['-A', '-o', 'pid=,args='])
    const own = stdout.split('\n').filter((line) => line.includes(`--user-data-dir=${this.profile}`))
    assert.notEqual(own.length, 0, 'the browser runs')
    for (const line of own) process.kill(Number.parseInt(line, 10), 'SIGKILL')
    await gone
    await this.#launch()
    return this.page
  }

  async close() {
    await this.context?.close()
    this.context = undefined
  }
}

/** Whether letters of Chinese are drawn, and not the same empty box for each. */
export function drawsChinese(page) {
  return page.evaluate(() => {
    const draw = (letter) => {
      const canvas = document.createElement('canvas')
      const pen = canvas.getContext('2d')
      pen.font = '40px sans-serif'
      pen.fillText(letter, 10, 60)
      return canvas.toDataURL()
    }
    return draw('遍') !== draw('访')
  })
}

/** The real endpoint, as a process of its own. */
export class Endpoint {
  static program = process.env.BIANFANG_ENDPOINT ?? join(root, 'target/debug/bianfang')

  /** Starts on a free port; stopped when the test ends. */
  static async start(t, options = {}) {
    const endpoint = new Endpoint(options.data ?? folder(t), options)
    atEnd(t, () => endpoint.stop())
    endpoint.port = await freePort()
    await endpoint.start()
    return endpoint
  }

  constructor(data, { args = [], env = {} }) {
    this.data = data
    this.args = args
    this.env = env
    this.port = 0
    /** Everything that it printed. */
    this.output = ''
  }

  get url() {
    return `http://127.0.0.1:${this.port}`
  }

  /** Starts, on the same port as before if there was one, so that pages find it again. */
  async start() {
    const args = ['serve', '--data', this.data, '--listen', `127.0.0.1:${this.port}`, ...this.args]
    this.process = spawn(Endpoint.program, args, { env: { ...process.env, ...this.env } })
    this.ended = new Promise((resolve) => this.process.once('close', (code, signal) => resolve(signal ?? code)))
    const address = new Promise((resolve, reject) => {
      this.process.once('error', reject)
      void this.ended.then((how) => reject(new Error(`the endpoint ended (${how}):\n${this.output}`)))
      for (const stream of [this.process.stdout, this.process.stderr]) {
        createInterface({ input: stream }).on('line', (line) => {
          this.output += `${line}\n`
          const match = /listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(line)
          if (match) resolve(Number(match[1]))
        })
      }
    })
    this.port = await within(START_MS, 'the start of the endpoint', address)
  }

  /** Stops as a service is stopped; its port is closed then. */
  async stop() {
    if (!this.process) return
    this.process.kill('SIGTERM')
    await within(STOP_MS, 'the stop of the endpoint', this.ended)
    this.process = undefined
  }

  /** Ends it as a power cut would. */
  async kill() {
    this.process.kill('SIGKILL')
    await this.ended
    this.process = undefined
  }

  /** Runs a command beside the server, for example `endpoint.run('village', 'list')`. */
  run(...args) {
    return run(Endpoint.program, [...args, '--data', this.data])
  }

  /** As `run`, for commands that must work; gives the standard output. */
  async must(...args) {
    const { code, stdout, stderr } = await this.run(...args)
    assert.equal(code, 0, `bianfang ${args.join(' ')}:\n${stdout}\n${stderr}`)
    return stdout
  }
}

/** Runs a program to its end. */
export function run(program, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    const output = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr']) {
      child[name].setEncoding('utf8').on('data', (text) => (output[name] += text))
    }
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, ...output }))
  })
}

/** The connection of one phone: a port of its own that leads to the endpoint, and can be closed. */
export class Signal {
  /** With signal at first. */
  static async open(t, endpoint) {
    const signal = new Signal(endpoint)
    atEnd(t, () => signal.off())
    signal.port = await freePort()
    await signal.on()
    return signal
  }

  constructor(endpoint) {
    this.endpoint = endpoint
    this.port = 0
    this.sockets = new Set()
    /** Bytes that went to and came from the endpoint. */
    this.sent = 0
    this.received = 0
    /** The addresses that were asked for, in their order. */
    this.asked = []
    /** Addresses that hold this text are not reached. */
    this.unreachable = undefined
  }

  get url() {
    return `http://127.0.0.1:${this.port}`
  }

  /** Opens the port, unless it is open. */
  async on() {
    if (this.server) return
    this.server = net.createServer((phone) => this.#join(phone))
    await new Promise((resolve, reject) => {
      this.server.once('error', reject)
      this.server.listen(this.port, '127.0.0.1', resolve)
    })
    this.port = this.server.address().port
  }

  /** Closes the port and cuts what runs. */
  async off() {
    if (!this.server) return
    const closed = new Promise((resolve) => this.server.close(resolve))
    for (const socket of this.sockets) socket.destroy()
    await closed
    this.server = undefined
  }

  /** When the phone sends a request that holds `text`. */
  sends(text) {
    return new Promise((resolve) => {
      this.watched = { text, resolve }
    })
  }

  /** Cuts the connection once the endpoint has answered `bytes` more; resolves then. */
  breaksAfter(bytes) {
    return new Promise((resolve) => {
      this.breaking = { at: this.received + bytes, resolve }
    })
  }

  #break() {
    const { resolve } = this.breaking
    this.breaking = undefined
    void this.off().then(resolve)
  }

  #join(phone) {
    const endpoint = net.connect(this.endpoint.port, '127.0.0.1')
    for (const [socket, other] of [[phone, endpoint], [endpoint, phone]]) {
      this.sockets.add(socket)
      socket.on('error', () => other.destroy())
      socket.once('close', () => {
        this.sockets.delete(socket)
        other.destroy()
      })
    }
    phone.on('data', (bytes) => {
      this.sent += bytes.length
      const head = /^[A-Z]+ (\S+) HTTP/.exec(bytes.toString('latin1', 0, 400))
      if (head) this.asked.push(head[1])
      if (this.unreachable && head?.[1].includes(this.unreachable)) phone.destroy()
      if (this.watched && bytes.includes(this.watched.text)) this.watched.resolve()
    })
    endpoint.on('data', (bytes) => {
      this.received += bytes.length
      if (this.breaking && this.received >= this.breaking.at) this.#break()
    })
    phone.pipe(endpoint)
    endpoint.pipe(phone)
  }
}
