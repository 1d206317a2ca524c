import { computed, ref, shallowRef, watch, type Ref } from 'vue'
import type { ClientPage } from './useClientList'

/**
 * Which clients of a local server a message goes to, and whose traffic is shown. `idsBetween` tells the
 * numbers of those out of sight, at positions from the first up to, not including, the second.
 */
export function useClientTarget(
  page: Readonly<Ref<ClientPage>>,
  idsBetween: (from: number, to: number) => Promise<readonly number[]>,
) {
  const selected = shallowRef<readonly number[]>([])
  /** The session whose rows alone are shown; it may be one that has gone. */
  const shown = ref<number | null>(null)
  /** Addresses of those two, kept while they are out of sight. */
  const addresses = shallowRef<ReadonlyMap<number, string>>(new Map())

  // Who has gone cannot be sent to.
  watch(page, (now) => {
    const present = selected.value.filter((id) => !isGone(id, now))
    if (present.length < selected.value.length) selected.value = present
    if (hidesGone(present, now)) void dropGone()
  })

  let asking = false
  async function dropGone() {
    if (asking) return
    asking = true
    try {
      const there = new Set(await idsBetween(0, page.value.total))
      selected.value = selected.value.filter((id) => there.has(id))
    } catch {
      // They are passed over by whatever is done with the selection, too.
    } finally {
      asking = false
    }
  }

  watch([selected, shown, page], () => {
    const wanted = [selected.value.length === 1 ? selected.value[0] : undefined, shown.value]
    addresses.value = new Map(
      wanted.flatMap((id) => {
        if (id === undefined || id === null) return []
        const address = page.value.clients.find((client) => client.id === id)?.address
        const known = address ?? addresses.value.get(id)
        return known === undefined ? [] : [[id, known] as const]
      }),
    )
  })

  /** `null` is everybody, those out of sight too. */
  const target = computed(() => (selected.value.length === 0 ? null : [...selected.value]))

  const addressOf = (id: number) => addresses.value.get(id)

  return { selected, shown, target, addressOf }
}

/** Whether more are selected out of sight than there are. */
function hidesGone(selected: readonly number[], { offset, total, clients }: ClientPage): boolean {
  const first = clients[0]
  const last = clients.at(-1)
  if (!first || !last) return false
  const before = selected.filter((id) => id < first.id).length
  const after = selected.filter((id) => id > last.id).length
  return before > offset || after > total - offset - clients.length
}

/** Clients are listed by their number, so a number missing among its neighbours is one that has gone. */
function isGone(id: number, { offset, total, clients }: ClientPage): boolean {
  const first = clients[0]
  const last = clients.at(-1)
  if (!first || !last) return total === 0
  const before = offset > 0 && id < first.id
  const after = offset + clients.length < total && id > last.id
  return !before && !after && clients.every((client) => client.id !== id)
}
