// Writes a brotli twin beside every file of dist/ and prints the sum: `node compress.mjs QUALITY`.
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants } from 'node:zlib'

const dist = fileURLToPath(new URL('./dist', import.meta.url))
const quality = Number(process.argv[2] ?? 11)
let raw = 0
let packed = 0

for (const name of readdirSync(dist, { recursive: true })) {
  const file = join(dist, name)
  if (!statSync(file).isFile() || name.endsWith('.br')) continue
  const bytes = readFileSync(file)
  const small = brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: quality,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      [constants.BROTLI_PARAM_LGWIN]: 22,
    },
  })
  raw += bytes.length
  packed += Math.min(small.length, bytes.length)
  // A font or picture that is compressed already gets no twin.
  if (small.length < bytes.length) writeFileSync(`${file}.br`, small)
  else rmSync(`${file}.br`, { force: true })
}
console.log(`${Math.ceil(raw / 1000)} kB, ${Math.ceil(packed / 1000)} kB as sent`)
