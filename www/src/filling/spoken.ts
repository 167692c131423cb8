// How answers read: days, times and positions in words; the core gives the rest.
import type { FormItem } from '@/core/types'
import { t } from '@/i18n'
import { sayDate } from '@/i18n/dates'

const DAY_CHARS = 10
const TIME_CHARS = 5
const DEGREE_DIGITS = 5

/** `30.2123 109.4123 412 12`: latitude, longitude, height, and how exact it is. */
export function sayPosition(value: string): string {
  const [latitude, longitude, , exact] = value.split(' ')
  if (!latitude || !longitude) return ''
  const accuracy = exact ? ` · ${t.value.form.exact(Math.round(Number(exact)))}` : ''
  return `${Number(latitude).toFixed(DEGREE_DIGITS)}, ${Number(longitude).toFixed(DEGREE_DIGITS)}${accuracy}`
}

/** An answer as a person reads it; empty where there is none. */
export function sayAnswer(item: FormItem): string {
  if (item.value === '') return ''
  switch (item.kind) {
    case 'date':
      return sayDate(item.value)
    case 'time':
      return item.value.slice(0, TIME_CHARS)
    case 'datetime':
      return `${sayDate(item.value.slice(0, DAY_CHARS))} ${item.value.slice(DAY_CHARS + 1, DAY_CHARS + 1 + TIME_CHARS)}`
    case 'geopoint':
      return sayPosition(item.value)
    default:
      return [item.shown || item.value, item.shown === item.value ? item.unit : ''].filter(Boolean).join(' ')
  }
}
