// A signature while it is being given: plain texts, so that the form it belongs to keeps it at every stroke.
export interface SignatureDraft {
  /** 本人签, 家人代签, 画押 or 拒签; empty while nothing was chosen. */
  way: string
  name: string
  /** In which capacity: 户主, 家庭成员, 村两委 … */
  role: string
  /** What the one who signs is to the other, where one signs for another. */
  relation: string
  /** Why it was refused. */
  reason: string
  strokes: string
  /** Name of the picture of it; empty where the phone had no room for one. */
  picture: string
  witness: string
  witness_strokes: string
  witness_picture: string
}

export function noSignature(): SignatureDraft {
  return {
    way: '',
    name: '',
    role: '',
    relation: '',
    reason: '',
    strokes: '',
    picture: '',
    witness: '',
    witness_strokes: '',
    witness_picture: '',
  }
}

/** What each way of signing needs beside the name and the capacity; what it does not need is not handed over. */
const NEEDS: Record<string, (keyof SignatureDraft)[]> = {
  本人签: ['strokes', 'picture'],
  家人代签: ['relation', 'strokes', 'picture'],
  画押: ['strokes', 'picture', 'witness', 'witness_strokes', 'witness_picture'],
  拒签: ['reason'],
}

export function needs(draft: SignatureDraft, part: keyof SignatureDraft): boolean {
  return NEEDS[draft.way]?.includes(part) ?? false
}

/** The parts of a draft under the names that a step carries them by: the way in the field itself, the rest below it. */
function keyOf(field: string, part: keyof SignatureDraft): string {
  return part === 'way' ? field : `${field}/${part}`
}

/** The draft that stands in the values of a step. */
export function signatureIn(field: string, values: Record<string, string>): SignatureDraft {
  const draft = noSignature()
  for (const part of Object.keys(draft) as (keyof SignatureDraft)[]) draft[part] = values[keyOf(field, part)] ?? ''
  return draft
}

/** What differs between two drafts, as values of a step. */
export function signatureChanges(field: string, before: SignatureDraft, after: SignatureDraft): [key: string, value: string][] {
  const parts = Object.keys(after) as (keyof SignatureDraft)[]
  return parts.filter((part) => before[part] !== after[part]).map((part) => [keyOf(field, part), after[part]])
}
