// A text as a file of its own: handed to the system's share sheet, or stored among the downloads.
import type { MadeFile } from '@/core/types'

export interface TextFile {
  name: string
  text: string
}

function asFile({ name, text }: TextFile): File {
  return new File([text], name, { type: 'text/plain' })
}

/** Whether this browser can hand files to other apps. */
export function canShareFiles(): boolean {
  const probe = asFile({ name: 'a.txt', text: 'a' })
  return typeof navigator.canShare === 'function' && navigator.canShare({ files: [probe] })
}

/** Opens the share sheet; false when the person closed it, or the system took nothing. */
export async function shareFile(file: TextFile): Promise<boolean> {
  try {
    await navigator.share({ files: [asFile(file)] })
    return true
  } catch {
    return false
  }
}

/** Stores the file where the browser stores downloads. */
export function storeFile(file: TextFile): void {
  store(asFile(file))
}

/** The same for a workbook, whose bytes come in base64. */
export function storeBytes({ name, bytes }: MadeFile): void {
  const plain = Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0))
  store(new File([plain], name, { type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' }))
}

function store(file: File): void {
  const url = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = url
  link.download = file.name
  link.click()
  // The download holds its own reference by the time the next task runs.
  setTimeout(() => URL.revokeObjectURL(url))
}
