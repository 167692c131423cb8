// Decides how a phone begins. The storage of this origin may hold an older village: then it is emptied first. The
// invitation is only handed over; using it takes the tap of a person in the app.

const KEY = 'bianfang-demo'
const headers = { 'content-type': 'application/json', 'x-bianfang-demo': '1' }

async function ask(path, body) {
  const answer = await fetch(path, body ? { method: 'POST', headers, body: JSON.stringify(body) } : { cache: 'no-store' })
  if (!answer.ok) throw new Error(await answer.text())
  return answer.json()
}

function dropped(name) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name)
    request.onsuccess = () => resolve()
    request.onerror = () => reject(request.error)
    request.onblocked = () =>
      reject(new Error('这部手机还开在另一个标签页里，请先关掉那一页。 This phone is open in another tab; close it first.'))
  })
}

async function empty() {
  const workers = (await navigator.serviceWorker?.getRegistrations()) ?? []
  await Promise.all(workers.map((worker) => worker.unregister()))
  const kept = await caches.keys()
  await Promise.all(kept.map((name) => caches.delete(name)))
  const databases = await indexedDB.databases()
  await Promise.all(databases.map(({ name }) => dropped(name)))
  localStorage.clear()
}

function remembered() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {}
  } catch {
    return {}
  }
}

async function begin() {
  const { village } = await ask('/demo/village')
  const mine = remembered()
  if (mine.village === village) {
    const { state } = await ask('/demo/look', { token: mine.token })
    if (state === 'used') return '/'
    if (state === 'open') return `/#/join?i=${mine.token}`
  }
  await empty()
  const { token } = await ask('/demo/invitation', {})
  localStorage.setItem(KEY, JSON.stringify({ village, token }))
  return `/#/join?i=${token}`
}

try {
  location.replace(await begin())
} catch (error) {
  document.getElementById('words').textContent = String(error.message ?? error)
}
