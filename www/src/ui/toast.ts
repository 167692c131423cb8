// One short sentence at a time, said to eyes and screen readers alike.
import { shallowRef } from 'vue'

const SHOWN_MS = 2_800

export const toastText = shallowRef('')
let timer: ReturnType<typeof setTimeout> | undefined

/** Says `text` for a few seconds. */
export function toast(text: string): void {
  toastText.value = text
  clearTimeout(timer)
  timer = setTimeout(() => {
    toastText.value = ''
  }, SHOWN_MS)
}
