// Handing a text on: the system's share sheet where there is one, else the clipboard.
import { t } from '@/i18n'
import { toast } from '@/ui/toast'

/** Copies and says so. */
export async function copyText(text: string, said = t.value.mine.copied): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    toast(said)
    return true
  } catch {
    toast(t.value.mine.copyFailed)
    return false
  }
}

/** Shares, or copies where sharing is not possible. */
export async function shareText(text: string): Promise<void> {
  if (!navigator.share) {
    await copyText(text)
    return
  }
  try {
    await navigator.share({ text })
  } catch (error) {
    // A person who closes the share sheet has not failed.
    if (!(error instanceof DOMException && error.name === 'AbortError')) await copyText(text)
  }
}
