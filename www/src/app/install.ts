// The browser's offer to install the app, kept until a person wants it.
import { shallowRef } from 'vue'

interface InstallPrompt extends Event {
  prompt: () => Promise<void>
  userChoice: Promise<{ outcome: string }>
}

let offer: InstallPrompt | undefined
export const canInstall = shallowRef(false)

window.addEventListener('beforeinstallprompt', (event) => {
  event.preventDefault()
  offer = event as InstallPrompt
  canInstall.value = true
})
window.addEventListener('appinstalled', () => {
  canInstall.value = false
})

/** Shows the browser's own question. */
export async function install(): Promise<void> {
  const prompt = offer
  if (!prompt) return
  offer = undefined
  canInstall.value = false
  await prompt.prompt()
  await prompt.userChoice
}
