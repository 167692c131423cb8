// The app starts without signal once its service worker has every file of it. The worker may be gone again before a new
// village begins, so it is asked for whenever the page draws this phone anew.

await navigator.serviceWorker.ready
parent.postMessage('stored', '*')
