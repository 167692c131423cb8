// The two languages: which one is spoken, the chrome's own words, and words that come from the core.
import { computed, shallowRef } from 'vue'
import type { Words } from '@/core/types'
import { zh, type Dictionary } from './zh'

export type Language = 'zh' | 'en'

const KEY = 'language'
const language = shallowRef<Language>('zh')
const dictionary = shallowRef<Dictionary>(zh)

/** The chrome's words in the current language: `t.value.save` in scripts, `t.save` in templates. */
export const t = computed(() => dictionary.value)
export const currentLanguage = computed(() => language.value)

/** Words of the core in the current language; English falls back to Chinese where a text exists in Chinese only. */
export function say(words: Words | null | undefined): string {
  if (!words) return ''
  return language.value === 'en' && words.en !== '' ? words.en : words.zh
}

/** The name of a village group; households without one have a word of their own. */
export function groupName(group: string): string {
  return group === '' ? t.value.households.noGroup : group
}

/** Changes the language; English is fetched (from the installed app) only when somebody asks for it. */
export async function speak(next: Language): Promise<void> {
  dictionary.value = next === 'en' ? (await import('./en')).en : zh
  language.value = next
  document.documentElement.lang = next === 'en' ? 'en' : 'zh-CN'
  try {
    localStorage.setItem(KEY, next)
  } catch {
    // A phone that refuses localStorage keeps the choice until the app is closed.
  }
}

/** Restores the language chosen last; Chinese unless somebody chose otherwise. */
export async function startLanguage(): Promise<void> {
  let kept: string | null = null
  try {
    kept = localStorage.getItem(KEY)
  } catch {
    // As above.
  }
  if (kept === 'en') await speak('en')
}
