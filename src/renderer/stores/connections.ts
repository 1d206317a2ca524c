import { defineStore } from 'pinia'
import { computed, ref, toRaw } from 'vue'
import type { Connection, ConnectionConfig } from '@shared/model/connection'
import type { Profile } from '@shared/model/profile'
import { engine } from '../api/engine'

/** Where this window remembers its tab over a reload. */
const shownKey = 'activeConnection'
const shownBefore = () => window.sessionStorage.getItem(shownKey)

/** A mirror of the open tabs and of which one is on screen. */
export const useConnectionsStore = defineStore('connections', () => {
  const connections = ref<Connection[]>([])
  const activeId = ref<string | null>(null)
  /** Messages that had come in when the tab was last on screen. */
  const seen = ref<Record<string, number>>({})

  const active = computed(() => find(activeId.value))

  engine.on('connections.changed', (changed) => put(changed))
  engine.on('connections.removed', ({ connectionId }) => forget(connectionId))

  async function load() {
    connections.value = await engine.call('connections.list', {})
    for (const connection of connections.value)
      seen.value[connection.id] ??= connection.counters.messagesIn
    if (!active.value) activate((find(shownBefore()) ?? connections.value[0])?.id ?? null)
  }

  function find(connectionId: string | null): Connection | undefined {
    return connections.value.find((connection) => connection.id === connectionId)
  }

  function put(told: Connection) {
    const index = connections.value.findIndex((known) => known.id === told.id)
    const known = connections.value[index]
    const connection =
      known && changing.has(told.id) ? { ...told, config: toRaw(known.config) } : told
    if (index === -1) connections.value.push(connection)
    else connections.value[index] = connection
    seen.value[connection.id] ??= 0
    if (connection.id === activeId.value) seen.value[connection.id] = connection.counters.messagesIn
  }

  function forget(connectionId: string) {
    const index = connections.value.findIndex((known) => known.id === connectionId)
    connections.value = connections.value.filter((known) => known.id !== connectionId)
    if (activeId.value === connectionId) {
      const neighbour = connections.value[Math.min(index, connections.value.length - 1)]
      activate(neighbour?.id ?? null)
    }
  }

  function activate(connectionId: string | null) {
    markSeen(activeId.value)
    activeId.value = connectionId
    if (connectionId !== null) window.sessionStorage.setItem(shownKey, connectionId)
    markSeen(connectionId)
  }

  function markSeen(connectionId: string | null) {
    const connection = find(connectionId)
    if (connection) seen.value[connection.id] = connection.counters.messagesIn
  }

  /** Messages that came in while the tab was not on screen. */
  function unread(connection: Connection): number {
    if (connection.id === activeId.value) return 0
    return connection.counters.messagesIn - (seen.value[connection.id] ?? 0)
  }

  /** Opens a tab and shows it. */
  async function create(
    from: { profileId?: string; config?: ConnectionConfig; name?: string } = {},
  ) {
    const connection = await engine.call('connections.create', from)
    put(connection)
    activate(connection.id)
    return connection
  }

  async function update(
    connectionId: string,
    part: { name?: string; profileId?: string | null; config?: ConnectionConfig },
  ) {
    put(await engine.call('connections.update', { connectionId, ...part }))
  }

  /** The last change of each configuration that is under way. */
  const changing = new Map<string, Promise<void>>()

  /**
   * Changes parts of a configuration. What was changed is shown at once and the engine's answers to
   * earlier changes do not take it back, so that one may type and click as fast as one likes.
   */
  async function configure(connectionId: string, part: Partial<ConnectionConfig>) {
    const known = find(connectionId)
    if (!known) return
    const config = { ...toRaw(known.config), ...part }
    known.config = config
    const change = updateAfter(changing.get(connectionId), connectionId, config)
    changing.set(connectionId, change)
    try {
      await change
    } catch (error) {
      // What the engine has refused must not go on looking as if it held.
      changing.delete(connectionId)
      const told = await engine.call('connections.list', {}).catch(() => [])
      told.forEach(put)
      throw error
    } finally {
      if (changing.get(connectionId) === change) changing.delete(connectionId)
    }
  }

  async function updateAfter(
    before: Promise<void> | undefined,
    connectionId: string,
    config: ConnectionConfig,
  ) {
    await before?.catch(() => undefined)
    await update(connectionId, { config })
  }

  const remove = (connectionId: string) => engine.call('connections.remove', { connectionId })

  /** Connects with everything that was changed before. */
  async function connect(connectionId: string) {
    await changing.get(connectionId)?.catch(() => undefined)
    await engine.call('connections.connect', { connectionId })
  }

  const terminate = (connectionId: string) => engine.call('connections.terminate', { connectionId })

  async function disconnect(connectionId: string, code?: number, reason?: string) {
    await engine.call('connections.disconnect', { connectionId, code, reason })
  }

  /**
   * Shows a profile in its tab: the one that has it, the blank one in front, or a new one.
   * @returns the tab's id.
   */
  async function showProfile(profile: Profile): Promise<string> {
    const open = connections.value.find((connection) => connection.profileId === profile.id)
    if (open) {
      activate(open.id)
      return open.id
    }
    if (!active.value || !isBlank(active.value)) return (await create({ profileId: profile.id })).id
    const { id } = active.value
    const { name, config } = profile
    await update(id, { name, profileId: profile.id, config: toRaw(config) })
    return id
  }

  async function connectProfile(profile: Profile) {
    const id = await showProfile(profile)
    if (find(id)?.state.phase === 'closed') await connect(id)
  }

  return {
    connections,
    activeId,
    active,
    load,
    find,
    activate,
    unread,
    create,
    update,
    configure,
    remove,
    connect,
    disconnect,
    terminate,
    showProfile,
    connectProfile,
  }
})

/** Never given an address, so nothing is lost when a profile takes its place. */
function isBlank({ profileId, config, state }: Connection): boolean {
  return profileId === null && config.url === '' && state.since === null
}
