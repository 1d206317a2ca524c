import { watch, type Ref } from 'vue'

/**
 * Gives the keyboard a place again when a change takes away or disables the control it was on: the
 * first control within `root` that fits `selector`, as soon as it can have the focus.
 */
export function useKeptFocus(
  root: Readonly<Ref<HTMLElement | null>>,
  change: () => unknown,
  selector: string,
): void {
  /** The focus was here and has no place yet. */
  let owed = false

  watch(change, () => {
    owed = (owed && isLost()) || root.value?.contains(document.activeElement) === true
  })
  watch(
    change,
    () => {
      if (!owed || !isLost()) return
      root.value?.querySelector<HTMLElement>(selector)?.focus()
      owed = isLost()
    },
    { flush: 'post' },
  )
}

/** A disabled control keeps the focus until the next rendering and loses it then. */
function isLost(): boolean {
  const { activeElement, body } = document
  return activeElement === null || activeElement === body || activeElement.matches(':disabled')
}
