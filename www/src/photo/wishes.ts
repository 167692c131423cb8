// What the person wants of photos, remembered by this browser; a browser that remembers nothing begins anew each time.

export type When = 'free' | 'always'

function remembered(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    // Holds until the app is closed.
  }
}

const WHEN = 'photos-go'
const STAMP = 'photo-stamp'

/** When large photos go. */
export function photosWanted(): When {
  return remembered(WHEN) === 'always' ? 'always' : 'free'
}

export function wantPhotos(when: When): void {
  remember(WHEN, when)
}

/** Whether the time is written on photos. */
export function stampWanted(): boolean {
  return remembered(STAMP) === 'on'
}

export function wantStamp(wanted: boolean): void {
  remember(STAMP, wanted ? 'on' : 'off')
}
