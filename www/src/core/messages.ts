// What passes between the page and the core's worker.
import type { Notice, Reply, Request } from './types'

export interface Question {
  id: number
  request: Request
}

/**
 * `notices` alone: something happened that nobody asked about. `fatal`: the core trapped and can answer nothing more; a
 * code, never a text that could hold personal data.
 */
export type Answer = { id: number; reply: Reply; notices: Notice[] } | { notices: Notice[] } | { fatal: string }
