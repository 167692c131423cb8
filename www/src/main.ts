// Start of the page: settings, surroundings, then the app; the service worker comes last.
import 'vant/es/style/base.css'
import 'vant/es/button/index.css'
import 'vant/es/loading/index.css'
import 'vant/es/progress/index.css'
import './styles/tokens.css'
import './styles/base.css'
import './styles/forms.css'
import './styles/lists.css'
import './styles/join.css'
import './styles/vant.css'
import { createApp } from 'vue'
import App from './App.vue'
import './app/install'
import { takeInvitation } from './app/invitation'
import { watchErrors } from './app/errors'
import { whereAmI } from './app/place'
import { startSize } from './app/size'
import { startUpdates } from './app/update'
import { startLanguage } from './i18n'
import { makeRouter } from './router'

async function begin(): Promise<void> {
  startSize()
  await startLanguage()
  const place = whereAmI()
  // In WeChat the link must stay in the address, because its menu hands that address to the real browser.
  takeInvitation(location.href, place === 'ready')
  const app = createApp(App, { place })
  watchErrors(app)
  // Where the app cannot run there are no screens to route to, and the address stays as it is.
  if (place === 'ready') app.use(makeRouter())
  app.mount('#app')
  if (place === 'ready') await startUpdates()
}

void begin()
