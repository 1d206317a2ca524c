import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import type { ServerClient } from '@shared/model/local-server'
import { useServersStore } from '../stores/servers'

/** Milliseconds between two fetches: as often as numbers that change can be read. */
const pause = 250

/** Most clients of one fetch. */
const atOnce = 500

/** Clients fetched beyond those in sight, so that scrolling finds them there. */
const margin = 30

/** Clients of a server at consecutive positions, in the order they came. */
export interface ClientPage {
  readonly offset: number
  readonly total: number
  readonly clients: readonly ServerClient[]
}

/** The clients of a server, of which only those in sight are fetched, however many there are. */
export function useClientList(serverId: string) {
  const servers = useServersStore()
  const page = shallowRef<ClientPage>({ offset: 0, total: 0, clients: [] })
  /** Positions in sight, the last not included. */
  let sight = { from: 0, to: 50 }
  let fetching = false
  let changedMeanwhile = false
  let ended = false
  /** Ends the pause early. */
  let wake = () => {}
  const total = ref(0)

  /** Fetches what is in sight, one at a time and with a pause; the last change is never missed. */
  async function refresh() {
    changedMeanwhile = true
    if (fetching) return
    fetching = true
    try {
      while (changedMeanwhile && !ended) {
        changedMeanwhile = false
        const asked = sight
        const offset = Math.max(0, asked.from - margin)
        const limit = Math.min(asked.to + margin - offset, atOnce)
        const answer = await servers.clients(serverId, offset, limit)
        page.value = { offset, ...answer }
        total.value = answer.total
        // Who scrolls on does not wait for what was asked before.
        if (sight === asked) await resting()
      }
    } catch {
      // The engine is out of reach: the list is fetched again with its next change.
    } finally {
      fetching = false
    }
  }

  const resting = () =>
    new Promise<void>((resolve) => {
      wake = resolve
      setTimeout(resolve, pause)
    })

  function show(from: number, to: number) {
    if (from === sight.from && to === sight.to) return
    sight = { from, to }
    void refresh()
    wake()
  }

  const at = (position: number): ServerClient | undefined =>
    page.value.clients[position - page.value.offset]

  const find = (clientId: number) => page.value.clients.find(({ id }) => id === clientId)

  /** The ids of the clients from a position up to, not including, another. */
  async function idsBetween(from: number, to: number): Promise<number[]> {
    const ids: number[] = []
    for (let offset = from; offset < to; offset += atOnce) {
      const limit = Math.min(atOnce, to - offset)
      const { clients } = await servers.clients(serverId, offset, limit)
      ids.push(...clients.map(({ id }) => id))
      if (clients.length < limit) break
    }
    return ids
  }

  const stopListening = servers.onClientsChanged(serverId, (now) => {
    total.value = now
    void refresh()
  })
  onScopeDispose(() => {
    ended = true
    stopListening()
  })
  void refresh()

  return { page: computed(() => page.value), total, show, at, find, idsBetween }
}
export type ClientList = ReturnType<typeof useClientList>
