// 数据质量, 专项行动 and 四张清单, in English.
import type { Dictionary } from './zh'

export const campaignsEn: Pick<Dictionary, 'quality' | 'campaigns' | 'lists'> = {
  quality: {
    title: 'Quality of the data',
    hint: 'What the rules find; it goes by itself once it is right',
    rule: 'By which rule',
    looking: (done: number, of: number) => `Looking: ${done} of ${of} households`,
    open: 'Record as a finding',
    opened: 'Recorded as a finding',
    more: (shown: number, of: number) => `The first ${shown} of ${of}`,
    empty: 'The rules find nothing',
    lacking: (n: number) => `Rules that cannot be told (${n}): the register lacks the data`,
  },
  campaigns: {
    title: 'Campaigns',
    short: 'Campaigns',
    target: (n: number) => `${n} in all`,
    checked: (n: number) => `${n} looked at`,
    cleared: (n: number) => `${n} cleared`,
    left: (n: number) => `${n} left`,
    same: (n: number) => `${n} with the same finding`,
    leftAll: 'Not cleared yet',
    leftIn: (group: string) => `${group}: not cleared yet`,
    nothingLeft: 'Nothing is left',
    done: 'Cleared',
    counts: (words: string) => `Counts as cleared: ${words}`,
    looked: 'looked at',
    unlooked: 'not looked at yet',
    waiting: (title: string) => `“${title}” has not come in whole; sync where there is signal`,
    none: 'No campaign now',
    noneHint: 'The desk publishes them; phones get them at their next sync',
  },
  lists: { title: 'Four lists', empty: 'This list is empty' },
}
