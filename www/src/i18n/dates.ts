// Dates and instants as people say them. Dates of the records are days in China; instants are shown in the phone's own time.
import { t } from './index'

const DAY_MS = 86_400_000
const CHINA_OFFSET_MS = 8 * 3_600_000

/** Today in China as `YYYY-MM-DD`, for presets of date inputs. */
export function todayInChina(): string {
  return new Date(Date.now() + CHINA_OFFSET_MS).toISOString().slice(0, 10)
}

/** `2026-08-15` as 8月15日, with the year when it is another one. */
export function sayDate(on: string): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(on)
  if (!match) return on
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])]
  const words = t.value.date
  if (match[1] === todayInChina().slice(0, 4)) return words.monthDay(month, day)
  return words.yearMonthDay(year, month, day)
}

/** An instant as 今天 18:40, 昨天 18:40 or 8月15日 18:40. */
export function sayInstant(at: number): string {
  const then = new Date(at)
  const time = `${String(then.getHours()).padStart(2, '0')}:${String(then.getMinutes()).padStart(2, '0')}`
  const midnight = new Date()
  midnight.setHours(0, 0, 0, 0)
  const days = Math.ceil((midnight.getTime() - then.getTime()) / DAY_MS)
  const words = t.value.date
  if (days === 0) return words.at(words.today, time)
  if (days === 1) return words.at(words.yesterday, time)
  const sameYear = then.getFullYear() === midnight.getFullYear()
  const day = sameYear
    ? words.monthDay(then.getMonth() + 1, then.getDate())
    : words.yearMonthDay(then.getFullYear(), then.getMonth() + 1, then.getDate())
  return words.at(day, time)
}

/** An instant to the second, as the device that wrote it had it: 2026-08-15 10:40:12. */
export function sayExact(at: number): string {
  const then = new Date(at)
  const two = (n: number) => String(n).padStart(2, '0')
  const day = [then.getFullYear(), two(then.getMonth() + 1), two(then.getDate())].join('-')
  return `${day}\u00a0${[then.getHours(), then.getMinutes(), then.getSeconds()].map(two).join(':')}`
}

/** Bytes as kB or MB. */
export function sayBytes(bytes: number): string {
  if (bytes < 1_000_000) return t.value.kilobytes(Math.max(1, Math.round(bytes / 1000)).toString())
  return t.value.megabytes((bytes / 1_000_000).toFixed(1))
}
