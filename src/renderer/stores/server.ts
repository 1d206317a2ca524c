import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { OutgoingMessage } from '@shared/contract'
import type { Preset, ServerClient, ServerConfig, ServerState } from '@shared/model/local-server'
import { engine } from '../api/engine'

const shownClients = 500

/** Milliseconds between two fetches of the list of clients: as often as its numbers can be read. */
const clientsPause = 250

/** A mirror of the local server and of the clients on screen. */
export const useServerStore = defineStore('server', () => {
  const state = ref<ServerState | null>(null)
  const clients = shallowRef<readonly ServerClient[]>([])
  const totalClients = ref(0)
  /** Lists of clients on screen; they are only fetched while somebody looks. */
  let watchers = 0
  let fetching = false
  let changedMeanwhile = false

  engine.on('server.changed', (changed) => (state.value = changed))
  engine.on('server.clientsChanged', ({ total }) => {
    totalClients.value = total
    if (watchers > 0) void refreshClients()
  })

  async function load() {
    state.value = await engine.call('server.state', {})
  }

  /** Fetches the list, at most one at a time and with a pause; the last change is never missed. */
  async function refreshClients() {
    changedMeanwhile = true
    if (fetching) return
    fetching = true
    try {
      while (changedMeanwhile && watchers > 0) {
        changedMeanwhile = false
        const page = await engine.call('server.clients', { offset: 0, limit: shownClients })
        clients.value = page.clients
        totalClients.value = page.total
        await new Promise((resolve) => setTimeout(resolve, clientsPause))
      }
    } catch {
      // The engine is out of reach: the list is fetched again with its next change.
    } finally {
      fetching = false
    }
  }

  /** Keeps the list of clients current until the returned function is called. */
  function watchClients(): () => void {
    watchers += 1
    void refreshClients()
    return () => (watchers -= 1)
  }

  // An answer may be older than the last event, which says the same and comes in order.
  async function start(config: ServerConfig) {
    await engine.call('server.start', config)
  }

  const stop = () => engine.call('server.stop', {})

  async function setPreset(preset: Preset) {
    await engine.call('server.setPreset', { preset })
  }

  const send = (clientIds: number[] | null, message: OutgoingMessage) =>
    engine.call('server.send', { clientIds, message })

  async function disconnectClient(clientId: number, code?: number, reason?: string) {
    await engine.call('server.disconnectClient', { clientId, code, reason })
  }

  const terminateClient = (clientId: number) => engine.call('server.terminateClient', { clientId })

  return {
    state,
    clients,
    totalClients,
    load,
    watchClients,
    start,
    stop,
    setPreset,
    send,
    disconnectClient,
    terminateClient,
  }
})
