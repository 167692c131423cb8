// What a finger drew, as the short text that records hold: `src/ledger/signature.rs` reads the same. Strokes stand apart by
// blanks; each is the differences from point to point, in characters of five bits and one that says that more follow.

/** A point of the field: 0 to 1000 across, and down with the same measure. */
export interface Point {
  x: number
  y: number
}

export type Stroke = Point[]

/** The field is wide: a name stands beside itself. */
export const WIDTH = 1000
export const HEIGHT = 600
/** As long as a signature may be. */
const CHARS_MAX = 4000
/** How far a line may lie beside the finger; more, where a signature would be too long. */
const TOLERANCES = [2, 4, 8, 16, 32]

const FIRST = 63

function number(difference: number): string {
  let value = difference < 0 ? ~(difference << 1) : difference << 1
  let text = ''
  while (value > 31) {
    text += String.fromCharCode(FIRST + ((value & 31) | 32))
    value >>= 5
  }
  return text + String.fromCharCode(FIRST + value)
}

function written(stroke: Stroke): string {
  let [x, y] = [0, 0]
  let text = ''
  for (const point of stroke) {
    text += number(point.x - x) + number(point.y - y)
    ;({ x, y } = point)
  }
  return text
}

/** The text of what was drawn; null where it cannot be made short enough. */
export function write(strokes: Stroke[]): string | null {
  for (const tolerance of TOLERANCES) {
    const text = strokes.map((stroke) => written(simple(stroke, tolerance))).join(' ')
    if (text.length <= CHARS_MAX) return text
  }
  return null
}

/** What was drawn; nothing of what cannot be read. */
export function read(text: string): Stroke[] {
  return text
    .split(' ')
    .filter((stroke) => stroke !== '')
    .map((stroke) => {
      const numbers: number[] = []
      let [value, shift] = [0, 0]
      for (const character of stroke) {
        const bits = character.charCodeAt(0) - FIRST
        value |= (bits & 31) << shift
        shift += 5
        if (bits & 32) continue
        numbers.push(value & 1 ? ~(value >> 1) : value >> 1)
        ;[value, shift] = [0, 0]
      }
      let [x, y] = [0, 0]
      const points: Stroke = []
      for (let at = 0; at + 1 < numbers.length; at += 2) {
        x += numbers[at] ?? 0
        y += numbers[at + 1] ?? 0
        points.push({ x, y })
      }
      return points
    })
}

/** Leaves out points that lie on the line between the others. */
function simple(stroke: Stroke, tolerance: number): Stroke {
  const [first, last] = [stroke[0], stroke[stroke.length - 1]]
  if (!first || !last || stroke.length < 3) return stroke
  let [furthest, distance] = [0, 0]
  stroke.forEach((point, at) => {
    const here = beside(point, first, last)
    if (here > distance) [furthest, distance] = [at, here]
  })
  if (distance <= tolerance) return [first, last]
  return [...simple(stroke.slice(0, furthest + 1), tolerance).slice(0, -1), ...simple(stroke.slice(furthest), tolerance)]
}

function beside(point: Point, from: Point, to: Point): number {
  const [across, down] = [to.x - from.x, to.y - from.y]
  const length = Math.hypot(across, down)
  if (length === 0) return Math.hypot(point.x - from.x, point.y - from.y)
  return Math.abs(across * (from.y - point.y) - (from.x - point.x) * down) / length
}

/** The outline of a drawing; a dot is a line to itself, which round ends make visible. */
export function outline(strokes: Stroke[]): string {
  return strokes
    .map((stroke) => {
      const points = stroke.length === 1 ? [...stroke, ...stroke] : stroke
      return points.map(({ x, y }, at) => `${at === 0 ? 'M' : 'L'}${x} ${y}`).join('')
    })
    .join('')
}

/** The drawing as a picture, dark on white. */
export async function picture(strokes: Stroke[]): Promise<Uint8Array | null> {
  const canvas = document.createElement('canvas')
  ;[canvas.width, canvas.height] = [WIDTH / 2, HEIGHT / 2]
  const context = canvas.getContext('2d', { alpha: false })
  if (!context) return null
  context.fillStyle = 'white'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.scale(canvas.width / WIDTH, canvas.height / HEIGHT)
  context.lineWidth = 9
  context.lineCap = 'round'
  context.lineJoin = 'round'
  context.strokeStyle = 'black'
  context.stroke(new Path2D(outline(strokes)))
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
  return blob && blob.size > 0 ? new Uint8Array(await blob.arrayBuffer()) : null
}
