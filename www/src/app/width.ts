// Whether there is room for list and detail side by side: what only an office does is offered there.
import { readonly, ref } from 'vue'

const wide = window.matchMedia('(min-width: 1024px)')
const is = ref(wide.matches)
wide.addEventListener('change', () => {
  is.value = wide.matches
})

export const isDesk = readonly(is)
