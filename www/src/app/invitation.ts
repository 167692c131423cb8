// The invitation in the link that opened the page: `#i=TOKEN`, `#/join?i=TOKEN`, with `&c=CODE` when the code differs.

export interface Carried {
  token: string
  code: string
  /** The whole link, to be copied into a real browser. */
  link: string
}

const CODE_LENGTH_MAX = 14

/** Reads the invitation of an address; null when it carries none. */
export function carriedBy(href: string): Carried | null {
  const hash = new URL(href).hash.replace(/^#\/?(join\??)?/, '')
  const values = new URLSearchParams(hash)
  const token = values.get('i') ?? values.get('token') ?? ''
  if (token === '') return null
  const code = values.get('c') ?? (token.length <= CODE_LENGTH_MAX ? token : '')
  return { token, code, link: href }
}

/** Takes the invitation out of the address bar, so that it is in no history and no screenshot. */
export function hideInvitation(): void {
  history.replaceState(history.state, '', location.pathname + location.search)
}
