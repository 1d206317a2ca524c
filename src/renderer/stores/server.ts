import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { OutgoingMessage } from '@shared/contract'
import type { Preset, ServerClient, ServerConfig, ServerState } from '@shared/model/local-server'
import { engine } from '../api/engine'

const shownClients = 500

/** A mirror of the local server and of the clients on screen. */
export const useServerStore = defineStore('server', () => {
  const state = ref<ServerState | null>(null)
  const clients = shallowRef<readonly ServerClient[]>([])
  const totalClients = ref(0)
  /** Only fetched while somebody looks. */
  let watching = false

  engine.on('server.changed', (changed) => (state.value = changed))
  engine.on('server.clientsChanged', ({ total }) => {
    totalClients.value = total
    if (watching) void loadClients()
  })

  async function load() {
    state.value = await engine.call('server.state', {})
  }

  async function loadClients() {
    const page = await engine.call('server.clients', { offset: 0, limit: shownClients })
    clients.value = page.clients
    totalClients.value = page.total
  }

  /** Keeps the list of clients current until the returned function is called. */
  function watchClients(): () => void {
    watching = true
    void loadClients()
    return () => (watching = false)
  }

  async function start(config: ServerConfig) {
    state.value = await engine.call('server.start', config)
  }

  const stop = () => engine.call('server.stop', {})

  async function setPreset(preset: Preset) {
    state.value = await engine.call('server.setPreset', { preset })
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
