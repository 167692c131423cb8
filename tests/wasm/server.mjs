// Serves the test page, the core, and an endpoint with every bad manner a network has.
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'

const OURS = 'application/vnd.bianfang'
const TYPES = { html: 'text/html', js: 'text/javascript', wasm: 'application/wasm' }

/** Starts on a free port. `seen` holds what arrived under /v1/, oldest first; `gone` waits until a client has left. */
export async function startServer(coreFolder) {
  const seen = []
  const waiting = []
  const server = createServer((request, response) => {
    const path = new URL(request.url, 'http://here').pathname
    if (path.startsWith('/v1/') || request.url.startsWith('//')) answer(request, response, seen, waiting)
    else serveFile(path, coreFolder, response)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: server.address().port,
    seen,
    /** Resolves when the next client breaks off an exchange that waits for nothing. */
    gone: () => new Promise((resolve) => waiting.push(resolve)),
    stop: () =>
      new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      }),
  }
}

async function serveFile(path, coreFolder, response) {
  const file = path.startsWith('/core/')
    ? join(coreFolder, path.slice('/core/'.length))
    : join(import.meta.dirname, path === '/' ? 'page.html' : path)
  try {
    const bytes = await readFile(file)
    response.writeHead(200, { 'content-type': TYPES[file.split('.').pop()] ?? 'application/octet-stream' })
    response.end(bytes)
  } catch {
    response.writeHead(404).end()
  }
}

async function answer(request, response, seen, waiting) {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  const body = Buffer.concat(chunks)
  const { method, url, headers } = request
  seen.push({ method, url, headers, body })
  const manner = MANNERS[url.split('/')[2]] ?? echo
  response.on('close', () => {
    if (!response.writableFinished) waiting.shift()?.()
  })
  manner(response, body)
}

function echo(response, body) {
  response.writeHead(200, { 'content-type': OURS, 'cache-control': 'max-age=3600', 'set-cookie': 'a=b' })
  response.end(body)
}

/** By the second part of the path. */
const MANNERS = {
  echo,
  portal: (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>登录</p>'.repeat(1000)),
  // Never ends: whoever reads it to the end waits for ever.
  endless: (response) => response.writeHead(200, { 'content-type': 'text/html' }).write('<p>'),
  redirect: (response) => response.writeHead(302, { location: '/v1/echo', 'content-type': OURS }).end(),
  busy: (response) => response.writeHead(429, { 'content-type': `${OURS}; v=1`, 'retry-after': '7' }).end('wait'),
  silent: () => {},
  stalling: (response) => response.writeHead(200, { 'content-type': OURS }).write('half'),
  cut: (response) => {
    response.writeHead(200, { 'content-type': OURS, 'content-length': '1000' })
    response.write('half', () => response.destroy())
  },
  slowly: (response) => setTimeout(() => echo(response, 'late'), 700),
}
