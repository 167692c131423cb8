// Whether the system may clear the phone's records by itself, and how much room everything takes.
import { shallowRef } from 'vue'

/** true = protected; null = this browser does not say. */
export const persisted = shallowRef<boolean | null>(null)

/** Bytes that the app and its records take on this phone; null = this browser does not say. */
export const usedBytes = shallowRef<number | null>(null)

/** Looks again; the answer may have changed since the last start. */
export async function lookAtStorage(): Promise<void> {
  persisted.value = navigator.storage?.persisted ? await navigator.storage.persisted() : null
  usedBytes.value = navigator.storage?.estimate ? (await navigator.storage.estimate()).usage ?? null : null
}

/** Asks the system to protect the records. Called from the page after the first join or save. */
export async function askToPersist(): Promise<void> {
  if (!navigator.storage?.persist || persisted.value) return
  persisted.value = await navigator.storage.persist()
}
