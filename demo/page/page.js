// The page: draws the phones, switches their signal, says where one stands, and rings a phone that has news.

const WIDTH = 360
const HEIGHT = 740
const SCALE_MIN = 0.75
/** Owner, shell and switch above and below a frame; the shell beside it; the space between two. */
const AROUND_Y = 30 + 20 + 56 + 20
const AROUND_X = 20
const BETWEEN = 14
const GUIDE = 208 + 20 + 32
const STACKED = 1000
const ASK_MS = 1000
/** A phone is rung at most so often; it answers with one exchange. */
const RING_MS = 3000

const phones = []
let busy = 0
let wasCut = false
let show = null

const one = (id) => document.getElementById(id)

function fit() {
  const stacked = innerWidth < STACKED
  const wide = (innerWidth - GUIDE - 3 * AROUND_X - 2 * BETWEEN) / (3 * WIDTH)
  const high = (innerHeight - AROUND_Y) / HEIGHT
  const scale = stacked ? 1 : Math.max(SCALE_MIN, Math.min(1, wide, high))
  document.documentElement.style.setProperty('--scale', scale.toFixed(4))
}

async function ask(path, body) {
  const headers = { 'content-type': 'application/json', 'x-bianfang-demo': '1' }
  const answer = await fetch(path, body ? { method: 'POST', headers, body: JSON.stringify(body) } : { cache: 'no-store' })
  if (!answer.ok) throw new Error(await answer.text())
  return answer.json()
}

function bilingual(node, zh, en) {
  const english = document.createElement('span')
  english.className = 'en'
  english.lang = 'en'
  english.textContent = en
  node.replaceChildren(zh, ' ', english)
}

function draw(seen, place) {
  const node = one('phone').content.cloneNode(true).firstElementChild
  const phone = {
    origin: seen.origin,
    joined: false,
    on: seen.on,
    // A phone without signal runs from what it has stored already.
    stored: !seen.on,
    asked: !seen.on,
    busy: false,
    frame: node.querySelector('iframe'),
    signal: node.querySelector('.signal'),
    trouble: node.querySelector('.trouble'),
    rungAt: 0,
  }
  node.querySelector('.name').textContent = seen.name
  node.querySelector('.role').textContent = seen.zh
  node.querySelector('.role').title = seen.en
  phone.frame.title = `${seen.name}的手机 ${seen.name}'s phone`
  // Without signal the app comes from the phone's own storage; the first step needs the connection.
  phone.frame.src = seen.on ? `${seen.origin}/demo/start` : `${seen.origin}/`
  phone.signal.addEventListener('click', () => void flip(place))
  phones.push(phone)
  one('phones').append(node)
}

async function flip(place) {
  const phone = phones[place]
  phone.busy = true
  drawSignal(phone)
  busy += 1
  try {
    const on = !phone.on
    const state = await ask('/signal', { phone: place, on })
    phone.trouble.hidden = true
    take(state)
    if (on) ring(phone)
  } catch (error) {
    phone.trouble.textContent = String(error.message)
    phone.trouble.hidden = false
  } finally {
    busy -= 1
    phone.busy = false
    drawSignal(phone)
  }
}

/** A page of the phone's own origin, for a moment or until it has spoken. */
function hiddenFrame(phone, path) {
  const frame = document.createElement('iframe')
  frame.hidden = true
  frame.src = phone.origin + path
  document.body.append(frame)
  return frame
}

/** Waits for the app to be on a phone that has joined; its worker is registered by then, or will be. */
function awaitStored(phone) {
  phone.asked = true
  const frame = hiddenFrame(phone, '/demo/stored')
  addEventListener('message', function heard(event) {
    if (event.source !== frame.contentWindow) return
    removeEventListener('message', heard)
    frame.remove()
    phone.stored = true
    drawSignal(phone)
  })
}

function drawSignal(phone) {
  const storing = phone.on && phone.joined && !phone.stored
  const [zh, en] = storing ? ['正在把应用存进手机', 'storing the app'] : phone.on ? ['有信号', 'signal'] : ['没信号', 'no signal']
  bilingual(phone.signal.querySelector('.words'), zh, en)
  phone.signal.setAttribute('aria-checked', String(phone.on))
  // Before it is wholly on the phone nothing would start without signal.
  phone.signal.disabled = phone.busy || (phone.on && !phone.stored)
}

/** What a browser says when a connection comes back; a frame on the phone's own origin can say it to the app. */
function ring(phone) {
  phone.rungAt = Date.now()
  const bell = hiddenFrame(phone, '/demo/online')
  bell.addEventListener('load', () => setTimeout(() => bell.remove(), RING_MS))
}

function take(state) {
  if (phones.length === 0) state.phones.forEach(draw)
  state.phones.forEach((seen, place) => {
    const phone = phones[place]
    phone.on = seen.on
    phone.joined ||= seen.joined
    if (phone.joined && !phone.asked) awaitStored(phone)
    drawSignal(phone)
    if (seen.on && seen.behind && Date.now() - phone.rungAt > RING_MS) ring(phone)
  })
  const { village, households } = state
  one('village').textContent = `${village} · ${households}户`
  show = state.show
  one('import').hidden = households > 0
  one('import').querySelector('code').textContent = state.import
  guide()
}

/** Which step is next, as far as the page can know it. */
function guide() {
  const joined = phones.every((phone) => phone.joined)
  const cut = phones.filter((phone) => !phone.on).length
  wasCut ||= cut >= 2
  const now = !joined ? 0 : cut >= 2 ? 2 : wasCut ? (cut > 0 ? 3 : 4) : 1
  for (let step = 0; step <= 4; step++) {
    one(`step-${step}`).className = step === now || (now === 4 && step === 3) ? 'now' : step < now ? 'done' : ''
  }
  const button = one('open-household')
  button.hidden = show === null
  button.disabled = !joined
  if (show) bilingual(button, `都打开 ${show.group} ${show.head}家`, 'Open this household on all')
  one('open-mine').disabled = !joined
}

function openOnAll(path) {
  for (const phone of phones) phone.frame.src = phone.origin + path
}

async function watch() {
  if (busy === 0 && (document.visibilityState === 'visible' || phones.length === 0)) {
    try {
      const state = await ask('/state')
      if (busy === 0) take(state)
      one('stopped').hidden = true
    } catch {
      one('stopped').hidden = false
    }
  }
  setTimeout(() => void watch(), ASK_MS)
}

one('open-household').addEventListener('click', () => openOnAll(`/h/${show.id}`))
one('open-mine').addEventListener('click', () => openOnAll('/mine'))
addEventListener('resize', fit)
fit()
void watch()
