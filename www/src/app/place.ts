// Where the page runs: what this browser cannot do is said before anybody types a word.

export type Place = 'wechat' | 'insecure' | 'old' | 'ios_tab' | 'ready'

const agent = navigator.userAgent

export const isApple =
  /iPhone|iPad|iPod/.test(agent) || (/Macintosh/.test(agent) && navigator.maxTouchPoints > 1)

function installed(): boolean {
  const apple = (navigator as Navigator & { standalone?: boolean }).standalone
  return apple === true || window.matchMedia('(display-mode: standalone), (display-mode: fullscreen)').matches
}

export const isInstalled = installed()

/** The one obstacle that matters here, or `ready`. */
export function whereAmI(): Place {
  if (/MicroMessenger/i.test(agent)) return 'wechat'
  if (!window.isSecureContext) return 'insecure'
  if (!('locks' in navigator) || !('indexedDB' in window) || !('WebAssembly' in window)) return 'old'
  // Safari and the home-screen app do not share storage, and Safari deletes that of a tab after seven days.
  if (isApple && !isInstalled) return 'ios_tab'
  return 'ready'
}
