// What passes between the page and the core's worker.
import type { Notice, Reply, Request } from './types'

/** `after_death`, of the first question alone: the core before this one trapped, or its page crashed in view. */
export interface Question {
  id: number
  request: Request
  after_death: boolean
}

/**
 * `notices` alone: something happened that nobody asked about. `fatal`: the core trapped and can answer nothing more; a
 * code, never a text that could hold personal data. `unloaded`: it never ran, so no record can be to blame.
 */
export type Answer =
  | { id: number; reply: Reply; notices: Notice[] }
  | { notices: Notice[] }
  | { fatal: string; unloaded?: boolean }
