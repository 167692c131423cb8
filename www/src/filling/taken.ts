// The photos of a question as its answer: names as the core holds them, `PHOTO:THUMB:AT:BYTES`, parted by blanks.
import type { PhotoDraft } from '@/core/types'

export function photosOf(value: string): PhotoDraft[] {
  return value.split(' ').filter(Boolean).map((one) => {
    const [photo = '', thumb = '', at, bytes] = one.split(':')
    return { photo, thumb, what: '', bytes: Number(bytes) || 0, at_ms: Number(at) || 0 }
  })
}

export function answerOf(photos: PhotoDraft[]): string {
  return photos.map((one) => [one.photo, one.thumb, one.at_ms, one.bytes].join(':')).join(' ')
}
