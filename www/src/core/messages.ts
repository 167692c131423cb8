// What passes between the page and the core's worker.
import type { Notice, PhotoReply, PhotoRequest, Reply, Request } from './types'

/**
 * `slot`: the place of the space that is meant; `slots`: which places there are. `after_death`, of the first question
 * alone: the core before this one trapped, or its page crashed in view.
 */
export type Question =
  | { id: number; slot: number; request: Request; after_death: boolean }
  | { id: number; slot: number; photo: PhotoRequest; bytes: Uint8Array | undefined; after_death: boolean }
  | { id: number; slots: true; after_death: boolean }

/** The answer about a photo, and its bytes when they were asked for. */
export interface PhotoAnswer {
  reply: PhotoReply
  bytes?: Uint8Array
}

/**
 * `notices` alone: something happened that nobody asked about. `fatal`: the core trapped and can answer nothing more; a
 * code, never a text that could hold personal data. `unloaded`: it never ran, so no record can be to blame.
 */
export type Answer =
  | { id: number; slot: number; reply: Reply; notices: Notice[] }
  | { id: number; photo: PhotoAnswer }
  | { id: number; slots: number[] }
  | { slot: number; notices: Notice[] }
  | { fatal: string; unloaded?: boolean }
