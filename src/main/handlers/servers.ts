import type { ExchangeFiles } from '../engine/export/exchange-files'
import type { FrameViews } from '../engine/frame-view/frame-views'
import type { LocalServers } from '../engine/local-server/local-servers'
import { exportName } from '../engine/export/export-name'
import { inOne, saveTo } from '../engine/export/save-to'
import type { Host } from '../host'
import type { FrameLogs } from '../frame-logs'
import type { Logger } from '../logging/logger'
import { exportServers, importServers } from '../storage/server-file'
import type { ServerStore } from '../storage/server-store'
import type { HandlersOf } from './handlers-of'
import { readOutgoing } from './outgoing'

export interface ServerParts {
  readonly host: Host
  readonly localServers: LocalServers
  readonly servers: ServerStore
  readonly files: ExchangeFiles
  readonly logs: FrameLogs
  readonly views: FrameViews
  readonly log: Logger
}

export function serverHandlers(parts: ServerParts): HandlersOf<'servers'> {
  const { host, localServers, servers, files, logs, views, log } = parts

  /** The servers do what was asked whether or not that can be kept for the next start. */
  async function remember(): Promise<void> {
    try {
      await servers.update(() => localServers.profiles())
    } catch (error) {
      log.error('The local servers were not kept', error)
    }
  }

  return {
    'servers.list': () => localServers.list(),
    async 'servers.create'({ name, config }) {
      const state = localServers.create(name, config)
      await remember()
      return state
    },
    async 'servers.update'({ serverId, ...change }) {
      const state = localServers.update(serverId, change)
      await remember()
      return state
    },
    async 'servers.duplicate'({ serverId }) {
      const state = localServers.duplicate(serverId)
      await remember()
      return state
    },
    async 'servers.remove'({ serverId }) {
      const { id } = localServers.get(serverId).log
      const removed = localServers.remove(serverId)
      views.closeOfLog(id)
      logs.forget(id)
      await remember()
      await removed
    },
    async 'servers.restore'({ serverId }) {
      const state = localServers.restore(serverId)
      await remember()
      return state
    },
    'servers.export'({ serverId }, { clientId }) {
      const { profile } = localServers.get(serverId)
      return saveTo({
        host,
        files,
        clientId,
        suggestedName: exportName(`framescope-${profile.name}`, 'json'),
        chunks: inOne(exportServers([profile])),
      })
    },
    async 'servers.import'({ text }) {
      const imported = importServers(text)
      const added = localServers.add(imported)
      await remember()
      return added.map((server, index) => ({
        server,
        leftOut: [...(imported[index]?.leftOut ?? [])],
      }))
    },
    'servers.start': ({ serverId }) => localServers.get(serverId).start(),
    'servers.stop': ({ serverId }) => localServers.get(serverId).stop(),
    'servers.clients': ({ serverId, offset, limit }) =>
      localServers.get(serverId).clients(offset, limit),
    async 'servers.send'({ serverId, clientIds, message }, { clientId }) {
      const server = localServers.get(serverId)
      const { opcode, payload } = await readOutgoing(message, files, clientId)
      return { sent: await server.send(clientIds, opcode, payload) }
    },
    'servers.disconnectClients': ({ serverId, clientIds, code, reason }) =>
      localServers.get(serverId).disconnectClients(clientIds, code, reason),
    'servers.terminateClients': ({ serverId, clientIds }) =>
      localServers.get(serverId).terminateClients(clientIds),
    'servers.clientFaults': ({ serverId, clientId }) =>
      localServers.get(serverId).clientFaults(clientId),
    'servers.setClientFaults': ({ serverId, clientIds, faults }) =>
      localServers.get(serverId).setClientFaults(clientIds, faults),
  }
}
