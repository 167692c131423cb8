// Going from one village or group of this phone to another.
import { nextTick } from 'vue'
import type { Router } from 'vue-router'
import { flushAll } from './keep'
import { show } from './standing'

/** Shows another space, and in it the page `to`. What is half written is kept where it belongs before. */
export async function goToSpace(router: Router, slot: number, to: string): Promise<void> {
  await flushAll()
  // Every form is off the screen before the screens speak of another space.
  await router.push('/today')
  await nextTick()
  show(slot)
  await nextTick()
  await router.replace(to)
}
