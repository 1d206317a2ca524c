import { onScopeDispose, ref, watch, type Ref } from 'vue'

/** Pixels of a character of the data type, and of the padding around a line. */
const characterWidth = 7.23
const padding = 28

/** Bytes in a line of hex: 16, or 8 where the element is too narrow. `digits` are those of the offset. */
export function useLineBytes(
  element: Readonly<Ref<HTMLElement | null>>,
  digits: () => number,
): Readonly<Ref<number>> {
  const lineBytes = ref(16)

  const observer = new ResizeObserver((entries) => {
    const width = entries[0]?.contentRect.width ?? 0
    const characters = (width - padding) / characterWidth - digits() - 5
    lineBytes.value = characters < 4 * 16 + 2 ? 8 : 16
  })
  watch(element, (now, before) => {
    if (before) observer.unobserve(before)
    if (now) observer.observe(now)
  })
  onScopeDispose(() => observer.disconnect())
  return lineBytes
}
