// Photos on this phone, and when they go up: after all text, and on a dear or slow link only if the person wants.
import { shallowRef } from 'vue'
import { callPhoto, problemOf, slotHere } from '@/core/client'
import type { PhotoDraft, PhotoMeter, Problem } from '@/core/types'
import { t } from '@/i18n'
import type { Encoded, PictureFault } from './picture'
import { NotAPicture } from './picture'
import { photosWanted, wantPhotos, type When } from './wishes'

/** How much is here and waits; null until it was asked. */
export const photoMeter = shallowRef<PhotoMeter | null>(null)
/** Why photos that should have gone did not. */
export const photoProblem = shallowRef<Problem | null>(null)
export const carrying = shallowRef(false)

/** When large photos go: on a link that costs nothing, as far as the browser tells, or always. */
export const photosGo = shallowRef<When>(photosWanted())

export function choosePhotosGo(when: When): void {
  photosGo.value = when
  wantPhotos(when)
}

interface Connection {
  type?: string
  effectiveType?: string
  saveData?: boolean
}

function connection(): Connection | undefined {
  return (navigator as Navigator & { connection?: Connection }).connection
}

/** Whether the browser says of the link what it costs; else the person has to. */
export function linkIsKnown(): boolean {
  return connection() !== undefined
}

/** Whether large photos go now by themselves. */
export function photosMayGo(): boolean {
  if (photosGo.value === 'always') return true
  const link = connection()
  if (!link) return false
  const dear = link.saveData === true || link.type === 'cellular'
  return !dear && !['slow-2g', '2g', '3g'].includes(link.effectiveType ?? '')
}

/** Looks again how much is here, of the space that is shown. */
export async function lookAtPhotos(): Promise<void> {
  const slot = slotHere()
  const { reply } = await callPhoto({ type: 'meter' }, undefined, slot)
  if (reply.type === 'meter' && slot === slotHere()) photoMeter.value = reply.meter
}

/** Hands over what waits in a space; `all`: the person said so just now, whatever the link costs. */
export async function carryPhotos(all = false, slot = slotHere()): Promise<void> {
  if (carrying.value) return
  carrying.value = true
  try {
    if (!photoMeter.value) await lookAtPhotos()
    const { reply } = await callPhoto({ type: 'carry', large: all || photosMayGo() }, undefined, slot)
    if (reply.type !== 'carry' || slot !== slotHere()) return
    photoMeter.value = reply.meter
    photoProblem.value = reply.problem
  } catch (error) {
    if (slot === slotHere()) photoProblem.value = problemOf(error)
  } finally {
    carrying.value = false
  }
}

/** A sentence for a file that cannot become a photo. */
export function pictureProblem(fault: PictureFault): Problem {
  const words = t.value.photo.faults[fault]
  return { code: `app.photo_${fault}`, words: { zh: words, en: words } }
}

/** Any failure around photos as something that can be shown. */
export function photoFailure(error: unknown): Problem {
  return error instanceof NotAPicture ? pictureProblem(error.fault) : problemOf(error)
}

/** Those kept here and in no record yet: one that is taken back is forgotten. */
const fresh = new Set<string>()

async function keep(kind: 'photo' | 'thumb' | 'signature', bytes: Uint8Array, slot = slotHere()): Promise<string> {
  const { reply } = await callPhoto({ type: 'keep', kind }, bytes, slot)
  if (reply.type !== 'keep') throw new Error('another reply')
  if (reply.fresh) fresh.add(reply.photo)
  return reply.photo
}

/** Keeps a photo with its thumbnail durably; only then a record may name it. */
export async function keepPhoto(encoded: Encoded, what: string, at: number): Promise<PhotoDraft> {
  const bytes = encoded.photo.length
  const slot = slotHere()
  const thumb = await keep('thumb', encoded.thumb, slot)
  const photo = await keep('photo', encoded.photo, slot)
  void lookAtPhotos()
  return { photo, thumb, what, bytes, at_ms: at }
}

/** Keeps the picture of a signature durably; its name. */
export async function keepSignature(bytes: Uint8Array): Promise<string> {
  const name = await keep('signature', bytes)
  void lookAtPhotos()
  return name
}

/** Forgets a photo that was taken back before it was saved. */
export async function dropPhoto(draft: PhotoDraft): Promise<void> {
  for (const photo of [draft.photo, draft.thumb]) {
    if (fresh.delete(photo)) await callPhoto({ type: 'drop', photo })
  }
  await lookAtPhotos()
}

/** The bytes of a photo; null: it is neither here nor at the endpoint yet, or was not to be fetched. */
export async function lookPhoto(photo: string, kind: 'photo' | 'thumb', fetch: boolean): Promise<Blob | null> {
  const { bytes } = await callPhoto({ type: 'look', photo, kind, fetch })
  return bytes ? new Blob([bytes as BlobPart], { type: 'image/jpeg' }) : null
}
