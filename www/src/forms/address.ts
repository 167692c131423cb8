// Addresses of forms: the document, whom or what in it they are about, and the form or the record.

/** Stands in an address for the document itself: the household, the village. */
export const OWN = 'own'

export function formsAt(document: string, about: string): string {
  return `/f/${document}/${about === '' ? OWN : about}`
}

export function fillAt(document: string, about: string, form: string, record = ''): string {
  return `${formsAt(document, about)}/fill/${form}${record === '' ? '' : `/${record}`}`
}

export function recordAt(document: string, record: string): string {
  return `/f/${document}/look/${record}`
}
