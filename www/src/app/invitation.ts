// The invitation in the link that opened the page: `#i=TOKEN`, `#/join?i=TOKEN`, with `&c=CODE` when the code differs.
import { shallowRef } from 'vue'

export interface Carried {
  token: string
  code: string
  /** The whole link, to be copied into a real browser. */
  link: string
}

const CODE_LENGTH_MAX = 14

/** The invitation that opened the page, until it is used. */
export const carried = shallowRef<Carried | null>(null)

function carriedBy(href: string): Carried | null {
  const hash = new URL(href).hash.replace(/^#\/?(join\??)?/, '')
  const values = new URLSearchParams(hash)
  const token = values.get('i') ?? values.get('token') ?? ''
  if (token === '') return null
  const code = values.get('c') ?? (token.length <= CODE_LENGTH_MAX ? token : '')
  return { token, code, link: href }
}

/** Reads the invitation of the address, and takes it out of the address bar: it is then in no history and screenshot. */
export function takeInvitation(href: string, hide: boolean): void {
  carried.value = carriedBy(href)
  if (carried.value && hide) history.replaceState(history.state, '', location.pathname + location.search)
}
