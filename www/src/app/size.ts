// 字号: 标准, 大, 特大 = 17, 20, 24 px, or as the system says.
import { computed, shallowRef } from 'vue'

export type Size = 'system' | 'standard' | 'large' | 'huge'

const KEY = 'size'
const PIXELS = { standard: 17, large: 20, huge: 24 } as const
const BROWSER_DEFAULT = 16
const chosen = shallowRef<Size>('system')

export const size = computed(() => chosen.value)

/** The type size of the system: Apple's own body style, or the browser's default size. */
function systemPixels(): number {
  const probe = document.createElement('span')
  probe.className = 'size-probe'
  document.body.append(probe)
  const measured = Number.parseFloat(getComputedStyle(probe).fontSize)
  probe.remove()
  if (CSS.supports('font', '-apple-system-body')) return Math.max(PIXELS.standard, measured)
  return (measured / BROWSER_DEFAULT) * PIXELS.standard
}

function apply(): void {
  const wished = chosen.value === 'system' ? systemPixels() : PIXELS[chosen.value]
  const pixels = Math.min(PIXELS.huge, Math.max(PIXELS.standard, Math.round(wished)))
  document.documentElement.style.fontSize = `${pixels}px`
}

/** Chooses a size and keeps it. */
export function chooseSize(next: Size): void {
  chosen.value = next
  apply()
  try {
    localStorage.setItem(KEY, next)
  } catch {
    // A phone that refuses localStorage keeps the choice until the app is closed.
  }
}

/** Restores the size chosen last. */
export function startSize(): void {
  let kept: string | null = null
  try {
    kept = localStorage.getItem(KEY)
  } catch {
    // As above.
  }
  if (kept === 'standard' || kept === 'large' || kept === 'huge') chosen.value = kept
  apply()
}
