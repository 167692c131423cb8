// A question with two answers, asked before something that cannot be taken back.
import { shallowRef } from 'vue'

export interface Confirmation {
  question: string
  yes: string
  answer: (yes: boolean) => void
}

export const confirmation = shallowRef<Confirmation | null>(null)

/** Asks and waits for the answer. */
export function confirm(question: string, yes: string): Promise<boolean> {
  confirmation.value?.answer(false)
  return new Promise((resolve) => {
    confirmation.value = {
      question,
      yes,
      answer: (given) => {
        confirmation.value = null
        resolve(given)
      },
    }
  })
}
