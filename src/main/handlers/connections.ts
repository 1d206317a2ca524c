import type { ExchangeFiles } from '../engine/export/exchange-files'
import type { FrameViews } from '../engine/frame-view/frame-views'
import type { Connections } from '../engine/session/connections'
import type { FrameLogs } from '../frame-logs'
import type { ProfileStore } from '../storage/profile-store'
import type { SecretStore } from '../storage/secret-store'
import type { HandlersOf } from './handlers-of'
import { readOutgoing } from './outgoing'

export interface ConnectionParts {
  readonly connections: Connections
  readonly profiles: ProfileStore
  readonly secrets: SecretStore
  readonly logs: FrameLogs
  readonly views: FrameViews
  readonly files: ExchangeFiles
}

export function connectionHandlers(parts: ConnectionParts): HandlersOf<'connections'> {
  const { connections, profiles, secrets, logs, views, files } = parts
  return {
    'connections.list': () => connections.list(),
    'connections.create'({ name, profileId, config }) {
      if (profileId === undefined) return connections.create({ name, config })
      const profile = profiles.get(profileId)
      return connections.create({
        name: name ?? profile.name,
        profileId,
        config: config ?? structuredClone(profile.config),
      })
    },
    'connections.update': ({ connectionId, ...change }) => connections.update(connectionId, change),
    'connections.remove'({ connectionId }) {
      const { id } = connections.get(connectionId).log
      connections.remove(connectionId)
      views.closeOfLog(id)
      logs.forget(id)
    },
    async 'connections.connect'({ connectionId }) {
      await secrets.ready
      connections.get(connectionId).connect()
    },
    'connections.disconnect': ({ connectionId, code, reason }) =>
      connections.get(connectionId).disconnect(code, reason),
    'connections.terminate': ({ connectionId }) => connections.get(connectionId).terminate(),
    async 'connections.send'({ connectionId, message }, { clientId }) {
      const connection = connections.get(connectionId)
      const { opcode, payload, draft } = await readOutgoing(message, files, clientId)
      return connection.send(opcode, payload, draft)
    },
    'connections.ping': ({ connectionId, payload }) => connections.get(connectionId).ping(payload),
    'connections.draft': ({ connectionId }) => connections.get(connectionId).draft,
    'connections.setDraft'({ connectionId, draft }) {
      connections.get(connectionId).draft = draft
    },
    'connections.history': ({ connectionId }) => [...connections.get(connectionId).history],
    'connections.startRepeat': ({ connectionId, ...plan }) =>
      connections.get(connectionId).startRepeat(plan),
    'connections.stopRepeat': ({ connectionId }) => connections.get(connectionId).stopRepeat(),
    'connections.latency': ({ connectionId }) => connections.get(connectionId).latency,
  }
}
