// The service worker: keeps every file of the app, so that it starts without a network.
import { createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching'
import { NavigationRoute, registerRoute } from 'workbox-routing'

declare const self: ServiceWorkerGlobalScope & {
  readonly __WB_MANIFEST: { url: string; revision: string | null }[]
}

precacheAndRoute(self.__WB_MANIFEST)
// Every address of the app is the one page; the API is never answered from the cache.
registerRoute(new NavigationRoute(createHandlerBoundToURL('/index.html'), { denylist: [/^\/v1\//] }))

// A new version waits until the page says that nobody is in the middle of a form.
self.addEventListener('message', (event) => {
  if (event.data === 'take-over') void self.skipWaiting()
})
