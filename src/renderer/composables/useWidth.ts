import { onBeforeUnmount, onMounted, readonly, ref, type Ref } from 'vue'

/** The width of an element in pixels, 0 until it is known. */
export function useWidth(element: () => Element | null | undefined): Readonly<Ref<number>> {
  const width = ref(0)
  let observer: ResizeObserver | undefined

  onMounted(() => {
    const target = element()
    if (!target) return
    width.value = target.clientWidth
    observer = new ResizeObserver(() => (width.value = target.clientWidth))
    observer.observe(target)
  })
  onBeforeUnmount(() => observer?.disconnect())
  return readonly(width)
}
