// From what the camera gives to what is kept: upright, small, JPEG, without anything that the camera wrote beside it.

/** The longest edge of a photo and of a thumbnail, pixels. */
export const EDGE = 1600
const THUMB_EDGE = 240
/** A photo has about this many bytes; the quality goes down until it has. */
const BYTES_AIM = 220_000
const QUALITIES = [0.8, 0.7, 0.6, 0.5]
/** A picture like gravel is too large at any of them, and becomes smaller. */
const EDGES = [EDGE, 1200, 800]
/** Beyond this no phone of the field decodes it without dying. */
const PIXELS_MAX = 120_000_000
/** The coarser, the less can be guessed: so many blocks along the shorter side of a rectangle. */
const BLOCKS = 3

export type PictureFault = 'empty' | 'heic' | 'other' | 'unreadable' | 'large'

/** A file that cannot become a photo, and why. */
export class NotAPicture extends Error {
  constructor(readonly fault: PictureFault) {
    super(fault)
    this.name = 'NotAPicture'
  }
}

/** A rectangle of a picture, in parts of its width and height. */
export interface Box {
  x: number
  y: number
  width: number
  height: number
}

function isHeic(head: Uint8Array): boolean {
  const text = String.fromCharCode(...head.slice(4, 12))
  return text.startsWith('ftyp') && ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1'].includes(text.slice(4))
}

/** Reads a picture as people see it, no larger than is kept. One at a time: phones have little memory. */
export async function readPicture(file: Blob): Promise<HTMLCanvasElement> {
  if (file.size === 0) throw new NotAPicture('empty')
  const head = new Uint8Array(await file.slice(0, 16).arrayBuffer())
  const url = URL.createObjectURL(file)
  const image = new Image()
  try {
    await new Promise<void>((resolve, reject) => {
      image.onload = () => resolve()
      image.onerror = () => reject(new NotAPicture(isHeic(head) ? 'heic' : 'other'))
      image.src = url
    })
    const [width, height] = [image.naturalWidth, image.naturalHeight]
    if (width === 0 || height === 0) throw new NotAPicture('other')
    if (width * height > PIXELS_MAX) throw new NotAPicture('large')
    // Upright already: browsers turn an image as the camera says, also when it is drawn.
    const canvas = sized(width, height, EDGE)
    paint(canvas, image)
    return canvas
  } finally {
    // The decoded picture is let go of at once.
    image.removeAttribute('src')
    URL.revokeObjectURL(url)
  }
}

function sized(width: number, height: number, edge: number): HTMLCanvasElement {
  const scale = Math.min(1, edge / Math.max(width, height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(width * scale))
  canvas.height = Math.max(1, Math.round(height * scale))
  return canvas
}

function pen(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext('2d', { alpha: false })
  if (!context) throw new NotAPicture('unreadable')
  return context
}

function paint(canvas: HTMLCanvasElement, source: CanvasImageSource): void {
  const context = pen(canvas)
  context.imageSmoothingQuality = 'high'
  // A transparent picture gets paper behind it.
  context.fillStyle = 'white'
  context.fillRect(0, 0, canvas.width, canvas.height)
  try {
    context.drawImage(source, 0, 0, canvas.width, canvas.height)
  } catch {
    throw new NotAPicture('unreadable')
  }
}

/** Makes a part unrecognisable: of each block only its mean colour stays, so that nothing can bring it back. */
export function blur(canvas: HTMLCanvasElement, box: Box): void {
  const context = pen(canvas)
  const left = Math.max(0, Math.floor(box.x * canvas.width))
  const top = Math.max(0, Math.floor(box.y * canvas.height))
  const right = Math.min(canvas.width, Math.ceil((box.x + box.width) * canvas.width))
  const bottom = Math.min(canvas.height, Math.ceil((box.y + box.height) * canvas.height))
  const size = Math.max(1, Math.ceil(Math.min(right - left, bottom - top) / BLOCKS))
  for (let y = top; y < bottom; y += size) {
    for (let x = left; x < right; x += size) {
      const [width, height] = [Math.min(size, right - x), Math.min(size, bottom - y)]
      context.fillStyle = mean(context.getImageData(x, y, width, height).data)
      context.fillRect(x, y, width, height)
    }
  }
}

function mean(pixels: Uint8ClampedArray): string {
  const sum = [0, 0, 0]
  for (let at = 0; at < pixels.length; at += 4) {
    for (let part = 0; part < 3; part += 1) sum[part] = (sum[part] ?? 0) + (pixels[at + part] ?? 0)
  }
  return `rgb(${sum.map((total) => Math.round(total / (pixels.length / 4))).join(' ')})`
}

/** Writes a line along the lower edge, on a dark ground so that it is read on any picture. */
export function stamp(canvas: HTMLCanvasElement, words: string): void {
  const context = pen(canvas)
  const size = Math.max(14, Math.round(canvas.width / 32))
  context.fillStyle = 'rgb(0 0 0 / 65%)'
  context.fillRect(0, canvas.height - size * 1.8, canvas.width, size * 1.8)
  context.fillStyle = 'white'
  context.font = `${size}px sans-serif`
  context.textBaseline = 'middle'
  context.fillText(words, size * 0.6, canvas.height - size * 0.9, canvas.width - size * 1.2)
}

async function encode(canvas: HTMLCanvasElement, quality: number): Promise<Uint8Array> {
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality))
  // A phone without memory gives nothing, or an empty picture.
  if (!blob || blob.size === 0) throw new NotAPicture('unreadable')
  return new Uint8Array(await blob.arrayBuffer())
}

/** What is kept of a picture. */
export interface Encoded {
  photo: Uint8Array
  thumb: Uint8Array
}

/** The photo at about 200 kB, and its thumbnail; `most`: the longest edge that is wanted, 0 for any. */
export async function encodePicture(canvas: HTMLCanvasElement, most = 0): Promise<Encoded> {
  const small = sized(canvas.width, canvas.height, THUMB_EDGE)
  paint(small, canvas)
  const thumb = await encode(small, 0.6)
  let photo = new Uint8Array()
  for (const edge of EDGES) {
    const shown = sized(canvas.width, canvas.height, most > 0 ? Math.min(edge, most) : edge)
    paint(shown, canvas)
    for (const quality of QUALITIES) {
      photo = new Uint8Array(await encode(shown, quality))
      if (photo.length <= BYTES_AIM) return { photo, thumb }
    }
  }
  return { photo, thumb }
}
