// How a question is drawn: from its kind, the number and length of its choices, and the appearance that the form asks for.
import type { FormItem } from '@/core/types'

export type Control =
  | 'note' | 'shown' | 'photos' | 'sign' | 'choices' | 'menu' | 'search' | 'rank' | 'range' | 'place' | 'scan' | 'agree' | 'long' | 'plain'

/** More choices than these are a menu of the phone. */
const ROWS_MAX = 15
const SHORT_CHARS = 6
const SHORT_MAX = 6

const BESIDE = ['horizontal', 'horizontal-compact', 'likert', 'quick', 'compact', 'columns', 'columns-pack', 'columns-flex', 'list']
const SEARCHED = ['autocomplete', 'search']

function looks(item: FormItem, words: string[]): boolean {
  return item.appearance.some((one) => words.includes(one))
}

function chosenBy(item: FormItem): Control {
  if (item.choices_total > item.choices.length || looks(item, SEARCHED)) return 'search'
  if (item.kind === 'select_one' && (item.choices.length > ROWS_MAX || looks(item, ['minimal']))) return 'menu'
  return 'choices'
}

export function controlOf(item: FormItem): Control {
  if (item.kind === 'note') return 'note'
  if (item.readonly) return 'shown'
  switch (item.kind) {
    case 'select_one':
    case 'select_multiple':
      return chosenBy(item)
    case 'rank':
      return 'rank'
    case 'range':
      return 'range'
    case 'image':
      return 'photos'
    case 'signature':
      return 'sign'
    case 'geopoint':
      return 'place'
    case 'barcode':
      return 'scan'
    case 'acknowledge':
      return 'agree'
    case 'text':
      return looks(item, ['multiline']) ? 'long' : 'plain'
    default:
      return 'plain'
  }
}

/** Choices stand beside each other: the form asks for it, or they are short. */
export function beside(item: FormItem): boolean {
  if (looks(item, ['vertical'])) return false
  if (looks(item, BESIDE) || item.appearance.some((one) => /^(columns|compact)-\d/.test(one))) return true
  return item.choices.length <= SHORT_MAX && item.choices.every((one) => one.words.zh.length <= SHORT_CHARS)
}

/** The values of an answer of several choices. */
export function valuesOf(value: string): string[] {
  return value === '' ? [] : value.split(/\s+/)
}
