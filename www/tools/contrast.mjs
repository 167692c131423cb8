// Proves the colours of src/styles/tokens.css: text 7:1 on every ground it is used on, borders of controls 3:1.
// `npm run contrast` fails when a pairing falls below.
import { readFile } from 'node:fs/promises'
import { URL } from 'node:url'

const TEXT_MIN = 7
const EDGE_MIN = 3
const GROUNDS = ['paper', 'card', 'sunk']

const css = await readFile(new URL('../src/styles/tokens.css', import.meta.url), 'utf8')
const dark = css.indexOf('@media (prefers-color-scheme: dark)')

function colours(part) {
  return new Map([...part.matchAll(/--([a-z0-9-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value]))
}

function luminance(hex) {
  const [r, g, b] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(one, other) {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (high + 0.05) / (low + 0.05)
}

const pairs = []
for (const text of ['ink', 'ink-2']) {
  for (const ground of [...GROUNDS, 'pine-soft', 'cinnabar-soft', 'amber-soft', 'sky-soft']) {
    pairs.push([text, ground, TEXT_MIN])
  }
}
for (const text of ['pine', 'cinnabar', 'amber', 'sky']) {
  for (const ground of [...GROUNDS.slice(0, 2), `${text}-soft`]) pairs.push([text, ground, TEXT_MIN])
}
pairs.push(['on-pine', 'pine', TEXT_MIN], ['on-cinnabar', 'cinnabar', TEXT_MIN])
pairs.push(['pine', 'sunk', TEXT_MIN], ['cinnabar', 'sunk', TEXT_MIN], ['pine', 'cinnabar-soft', TEXT_MIN], ['paper', 'ink', TEXT_MIN])
for (const ground of GROUNDS) pairs.push(['edge', ground, EDGE_MIN])

let failed = 0
for (const [theme, part] of [['light', css.slice(0, dark)], ['dark', css.slice(dark)]]) {
  const values = colours(part)
  for (const [text, ground, least] of pairs) {
    const [one, other] = [values.get(text), values.get(ground)]
    if (!one || !other) throw new Error(`${theme}: --${one ? ground : text} is not in tokens.css`)
    const ratio = contrast(one, other)
    if (ratio >= least) continue
    failed += 1
    console.error(`${theme}: --${text} on --${ground} is ${ratio.toFixed(2)}:1, at least ${least}:1 is needed`)
  }
}
if (failed > 0) process.exit(1)
console.log(`${pairs.length} pairings hold in both themes`)
