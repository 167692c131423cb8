// Errors of the app itself go into the error record: a code and a place, never a text that could hold personal data.
import type { App } from 'vue'
import { call } from '@/core/client'

/** Notes an error; must itself never fail. */
export function noteError(code: string, place: string): void {
  call({ type: 'note_error', code, place }).catch(() => {
    // The core is gone; it notes its own death when it is started again.
  })
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown'
}

/** Hears what nobody caught. */
export function watchErrors(app: App): void {
  app.config.errorHandler = (error, _instance, place) => {
    console.error(error)
    noteError(`app.${nameOf(error)}`, place)
  }
  window.addEventListener('error', (event) => noteError(`app.${nameOf(event.error)}`, 'page'))
  window.addEventListener('unhandledrejection', (event) => noteError(`app.${nameOf(event.reason)}`, 'promise'))
}
