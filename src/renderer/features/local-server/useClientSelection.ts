import { computed, ref, type Ref } from 'vue'
import type { ClientList } from '../../composables/useClientList'
import { useToastsStore } from '../../stores/toasts'

/** Most clients that are selected at once. */
const most = 100_000

/**
 * Selection by mouse and keyboard in a list of which only a part is here. Clients are told apart by their
 * number, because positions change when one leaves; `active` is the position the keyboard is on.
 */
export function useClientSelection(list: ClientList, selected: Ref<readonly number[]>) {
  const toasts = useToastsStore()
  const active = ref(0)
  /** The client where a range begins that Shift extends. */
  let anchor: { id: number; position: number } | null = null
  const chosen = computed(() => new Set(selected.value))
  const all = computed(
    () => list.total.value > 0 && chosen.value.size === Math.min(list.total.value, most),
  )

  const isSelected = (id: number) => chosen.value.has(id)

  function selectOnly(position: number) {
    const client = list.at(position)
    if (!client) return
    anchor = { id: client.id, position }
    active.value = position
    selected.value = [client.id]
  }

  function toggle(position: number) {
    const client = list.at(position)
    if (!client) return
    anchor = { id: client.id, position }
    active.value = position
    selected.value = isSelected(client.id)
      ? selected.value.filter((id) => id !== client.id)
      : [...selected.value, client.id]
  }

  async function extendTo(position: number) {
    active.value = position
    const from = anchorPosition() ?? position
    try {
      const [first, last] = [Math.min(from, position), Math.max(from, position)]
      selected.value = await list.idsBetween(first, Math.min(last + 1, first + most))
    } catch (error) {
      toasts.showError(error)
    }
  }

  /** Where the anchor is now, if it is in sight; where it was otherwise. */
  function anchorPosition(): number | null {
    if (!anchor) {
      const client = list.at(active.value)
      anchor = client ? { id: client.id, position: active.value } : null
    }
    const { offset, clients } = list.page.value
    const index = clients.findIndex(({ id }) => id === anchor?.id)
    return index === -1 ? (anchor?.position ?? null) : offset + index
  }

  async function selectAll() {
    try {
      selected.value = await list.idsBetween(0, Math.min(list.total.value, most))
    } catch (error) {
      toasts.showError(error)
    }
  }

  function clear() {
    selected.value = []
  }

  return { active, all, isSelected, selectOnly, toggle, extendTo, selectAll, clear }
}
