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
import { carriedBy, hideInvitation } from './app/invitation'
import { watchErrors } from './app/errors'
import { whereAmI } from './app/place'
import { startSize } from './app/size'
import { startUpdates } from './app/update'
import { startLanguage } from './i18n'
import { router } from './router'

async function begin(): Promise<void> {
  startSize()
  await startLanguage()
  const place = whereAmI()
  const carried = carriedBy(location.href)
  // In WeChat the link must stay in the address, because its menu hands that address to the real browser.
  if (carried && place === 'ready') hideInvitation()
  const app = createApp(App, { place, carried })
  watchErrors(app)
  // Where the app cannot run there are no screens to route to, and the address stays as it is.
  if (place === 'ready') app.use(router)
  app.mount('#app')
  if (place === 'ready') await startUpdates()
}

void begin()
