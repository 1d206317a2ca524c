import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { OutgoingMessage } from '@shared/contract'
import {
  defaultServerConfig,
  type ServerConfig,
  type ServerState,
} from '@shared/model/local-server'
import type { Fault } from '@shared/model/server-fault'
import { engine } from '../api/engine'
import { useToastsStore } from './toasts'

/** Where this window remembers its server over a reload. */
const shownKey = 'activeServer'
const shownBefore = () => window.sessionStorage.getItem(shownKey)

/** Most clients that the engine tells of at once. */
const clientsAtOnce = 500

/** A mirror of the local servers and of which one is on screen. */
export const useServersStore = defineStore('servers', () => {
  const toasts = useToastsStore()
  // Shallow: plans are large, and go back to the engine as they are.
  const servers = shallowRef<readonly ServerState[]>([])
  const activeId = ref<string | null>(null)
  /** Whether the routes stand beside the traffic. */
  const planShown = ref(false)

  const active = computed(() => find(activeId.value))
  const running = computed(() => servers.value.filter(({ phase }) => phase === 'running'))

  engine.on('servers.changed', (changed) => put(changed))
  engine.on('servers.removed', ({ serverId }) => forget(serverId))

  async function load() {
    servers.value = await engine.call('servers.list', {})
    if (!active.value) activate((find(shownBefore()) ?? servers.value[0])?.id ?? null)
  }

  function find(serverId: string | null): ServerState | undefined {
    return servers.value.find(({ id }) => id === serverId)
  }

  function put(told: ServerState) {
    const known = find(told.id)
    const server = known && changing.has(told.id) ? { ...told, config: known.config } : told
    servers.value = known
      ? servers.value.map((other) => (other === known ? server : other))
      : [...servers.value, server]
  }

  function forget(serverId: string) {
    const index = servers.value.findIndex(({ id }) => id === serverId)
    servers.value = servers.value.filter(({ id }) => id !== serverId)
    if (activeId.value === serverId)
      activate(servers.value[Math.min(index, servers.value.length - 1)]?.id ?? null)
  }

  function activate(serverId: string | null) {
    activeId.value = serverId
    if (serverId !== null) window.sessionStorage.setItem(shownKey, serverId)
  }

  /** Makes a server and shows it. */
  async function create(from: { name?: string; config?: ServerConfig } = {}) {
    return show(await engine.call('servers.create', from))
  }

  const duplicate = async (serverId: string) =>
    show(await engine.call('servers.duplicate', { serverId }))

  const restore = async (serverId: string) =>
    show(await engine.call('servers.restore', { serverId }))

  function show(server: ServerState): ServerState {
    // An answer may be older than the last event, which says the same and comes in order.
    if (!find(server.id)) put(server)
    activate(server.id)
    return server
  }

  const exportOne = (serverId: string) => engine.call('servers.export', { serverId })

  /** Adds the servers of a file and shows the first; what was left out of them is said. */
  async function importFile(file: File) {
    const added = await engine.call('servers.import', { text: await file.text() })
    for (const { server } of added.toReversed()) show(server)
    for (const { server, leftOut } of added)
      toasts.show(
        leftOut.length === 0
          ? `Server “${server.name}” imported`
          : `Server “${server.name}” imported without ${leftOut.join(', ')}: a file does not decide that`,
      )
  }

  async function remove(serverId: string) {
    const name = find(serverId)?.name ?? ''
    await engine.call('servers.remove', { serverId })
    toasts.show(`Server “${name}” removed`, {
      action: 'Undo',
      run: () => void restore(serverId).catch(toasts.showError),
    })
  }

  async function update(serverId: string, part: { name?: string; autostart?: boolean }) {
    put(await engine.call('servers.update', { serverId, ...part }))
  }

  /** The last change of each configuration that is under way. */
  const changing = new Map<string, Promise<void>>()

  /**
   * Changes parts of a configuration. What was changed is shown at once, and the engine's answers to
   * earlier changes do not take it back.
   */
  async function configure(serverId: string, part: Partial<ServerConfig>) {
    const known = find(serverId)
    if (!known) return
    const config = { ...known.config, ...part }
    servers.value = servers.value.map((other) => (other === known ? { ...known, config } : other))
    const change = configureAfter(changing.get(serverId), serverId, config)
    changing.set(serverId, change)
    try {
      await change
    } catch (error) {
      // What the engine has refused must not go on looking as if it held.
      changing.delete(serverId)
      const told = await engine.call('servers.list', {}).catch(() => [])
      told.forEach(put)
      throw error
    } finally {
      if (changing.get(serverId) === change) changing.delete(serverId)
    }
  }

  async function configureAfter(
    before: Promise<void> | undefined,
    serverId: string,
    config: ServerConfig,
  ) {
    await before?.catch(() => undefined)
    put(await engine.call('servers.update', { serverId, config }))
  }

  /** Starts with everything that was changed before; one that runs starts anew if that is needed. */
  async function start(serverId: string) {
    await changing.get(serverId)?.catch(() => undefined)
    await engine.call('servers.start', { serverId })
  }

  const stop = (serverId: string) => engine.call('servers.stop', { serverId })

  /** Whether a server could be started on a port: none runs there. */
  const isFree = (port: number) => running.value.every((server) => server.port !== port)

  /** Starts a server on a port: the one that has it, one that was never used, or a new one. */
  async function startOn(port: number) {
    const stopped = servers.value.filter(({ phase }) => phase === 'stopped')
    const its = stopped.find(({ config }) => config.port === port)
    const unused = servers.value.length === 1 && stopped.find(({ since }) => since === null)
    const chosen = its ?? (unused || (await create({ config: { ...defaultServerConfig(), port } })))
    if (chosen.config.port !== port) await configure(chosen.id, { port })
    await start(chosen.id)
  }

  const clients = (serverId: string, offset: number, limit: number) =>
    engine.call('servers.clients', { serverId, offset, limit: Math.min(limit, clientsAtOnce) })

  /** Calls back whenever the clients of a server or their counters changed. */
  const onClientsChanged = (serverId: string, listener: (total: number) => void) =>
    engine.on('servers.clientsChanged', (changed) => {
      if (changed.serverId === serverId) listener(changed.total)
    })

  const send = (serverId: string, clientIds: number[] | null, message: OutgoingMessage) =>
    engine.call('servers.send', { serverId, clientIds, message })

  async function disconnectClients(
    serverId: string,
    clientIds: number[],
    code?: number,
    reason?: string,
  ) {
    await engine.call('servers.disconnectClients', { serverId, clientIds, code, reason })
  }

  const terminateClients = (serverId: string, clientIds: number[]) =>
    engine.call('servers.terminateClients', { serverId, clientIds })

  const clientFaults = (serverId: string, clientId: number) =>
    engine.call('servers.clientFaults', { serverId, clientId })

  const setClientFaults = (serverId: string, clientIds: number[], faults: Fault[]) =>
    engine.call('servers.setClientFaults', { serverId, clientIds, faults })

  return {
    servers,
    activeId,
    active,
    running,
    planShown,
    load,
    find,
    activate,
    create,
    duplicate,
    exportOne,
    importFile,
    remove,
    restore,
    update,
    configure,
    start,
    stop,
    isFree,
    startOn,
    clients,
    onClientsChanged,
    send,
    disconnectClients,
    terminateClients,
    clientFaults,
    setClientFaults,
  }
})
