// Start of the app. The core comes first: opening the records takes the time that reading the page's own code takes too.
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
import { whereAmI } from './app/place'
import { beginCore } from './core/client'

const place = whereAmI()
if (place === 'ready') beginCore()
void import('./page').then(({ drawPage }) => drawPage(place))
