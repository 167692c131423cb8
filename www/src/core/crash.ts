// Whether the page before this one crashed while somebody looked at it, rather than being left or put into the background:
// the one death that no page survives to tell of. Knows nothing of what the page did.

const KEY = 'bianfang.in-view'

function note(inView: boolean): void {
  try {
    if (inView) localStorage.setItem(KEY, '1')
    else localStorage.removeItem(KEY)
  } catch {
    // Where nothing is kept no crash is noticed, and no record blamed.
  }
}

function noted(): boolean {
  try {
    return localStorage.getItem(KEY) !== null
  } catch {
    return false
  }
}

/** As of the start of this page. */
export const crashedInView: boolean = noted()

function look(): void {
  note(document.visibilityState === 'visible')
}

look()
document.addEventListener('visibilitychange', look)
window.addEventListener('pageshow', look)
window.addEventListener('pagehide', () => note(false))
