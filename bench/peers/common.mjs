// What every peer needs: the village from the file that is named on the command line, and one JSON line with the figures.
import { readFileSync } from 'node:fs'
import { brotliCompressSync, constants } from 'node:zlib'

/** The village, and the days' work of two people: `sent` here, `received` from the other one. */
export const input = JSON.parse(readFileSync(process.argv[2], 'utf8'))

/** What a server sends of these bytes. */
export function brotli(bytes) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length }
  return brotliCompressSync(bytes, { params }).length
}

/** Milliseconds since the process began. */
export const now = () => performance.now()

/** Figures by row: { bytes, rounds }; `load.bytes` is for one household, `start.ms` from stored bytes to a list. */
export function print(figures) {
  figures.load.bytes = Math.round(figures.load.bytes / input.village.length)
  process.stdout.write(`${JSON.stringify(figures)}\n`)
}
