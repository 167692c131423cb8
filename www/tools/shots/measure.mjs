// What can be measured of a screen without looking: words that are cut, targets too small for a finger.

const TOUCH = 48
const TOUCH_MAIN = 56

/** The troubles of the screen as it stands, in words. */
export function measure(page) {
  return page.evaluate(([touch, main]) => {
    const dialog = document.querySelector('dialog[open]')
    const shown = (node) => node.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true })
    const of = (node) => `${node.tagName.toLowerCase()} “${(node.textContent ?? '').trim().slice(0, 20)}”`
    const troubles = []
    for (const node of (dialog ?? document.body).querySelectorAll('*')) {
      if (!(node instanceof HTMLElement) || !shown(node) || node.closest('.hidden-visually')) continue
      const { left, right, width, height } = node.getBoundingClientRect()
      if (width === 0) continue
      if (right > innerWidth + 1 || left < -1) troubles.push(`beyond the edge: ${of(node)}`)
      const clips = getComputedStyle(node).overflowX !== 'visible'
      if (clips && node.tagName !== 'INPUT' && node.scrollWidth > node.clientWidth + 1) troubles.push(`cut: ${of(node)}`)
      if (!node.matches('button, a, input, select, textarea, summary, label.chip')) continue
      // What is chosen by touching its label is as large as the label.
      const wrapped = node.matches('input') && node.closest('label')
      if (!wrapped && (height < touch - 0.5 || width < touch - 0.5)) {
        troubles.push(`small (${Math.round(width)}×${Math.round(height)}): ${of(node)}`)
      }
      if (node.matches('.page-action .van-button--primary') && height < main - 0.5) troubles.push(`small main button: ${of(node)}`)
    }
    return [...new Set(troubles)]
  }, [TOUCH, TOUCH_MAIN])
}
