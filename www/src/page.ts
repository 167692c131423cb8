// The page: settings, surroundings, then the app; the service worker comes last.
import { createApp } from 'vue'
import App from './App.vue'
import './app/install'
import { takeInvitation } from './app/invitation'
import { watchErrors } from './app/errors'
import type { Place } from './app/place'
import { startSize } from './app/size'
import { startUpdates } from './app/update'
import { startLanguage } from './i18n'
import { makeRouter } from './router'

/** Draws the app, or says what this browser lacks. */
export async function drawPage(place: Place): Promise<void> {
  startSize()
  await startLanguage()
  // In WeChat the link must stay in the address, because its menu hands that address to the real browser.
  takeInvitation(location.href, place === 'ready')
  const app = createApp(App, { place })
  watchErrors(app)
  // Where the app cannot run there are no screens to route to, and the address stays as it is.
  if (place === 'ready') app.use(makeRouter())
  app.mount('#app')
  if (place === 'ready') await startUpdates()
}
