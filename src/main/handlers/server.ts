import type { ServerConfig } from '@shared/model/local-server'
import type { ExchangeFiles } from '../engine/export/exchange-files'
import type { LocalServer } from '../engine/local-server/local-server'
import type { Logger } from '../logging/logger'
import type { HandlersOf } from './handlers-of'
import { readOutgoing } from './outgoing'
import { changeSettings, type SettingsParts } from './settings'

export interface ServerParts extends SettingsParts {
  readonly server: LocalServer
  readonly files: ExchangeFiles
  readonly log: Logger
}

export function serverHandlers(parts: ServerParts): HandlersOf<'server'> {
  const { server, files, log } = parts

  /** The server does what was asked whether or not that can be kept for the next start. */
  async function remember(config: ServerConfig): Promise<void> {
    try {
      await changeSettings(parts, { server: config })
    } catch (error) {
      log.error('The configuration of the local server was not kept', error)
    }
  }

  return {
    'server.state': () => server.state,
    async 'server.start'(config) {
      const state = await server.start(config)
      await remember(config)
      return state
    },
    'server.stop': () => server.stop(),
    async 'server.setPreset'({ preset }) {
      const state = server.setPreset(preset)
      await remember(state.config)
      return state
    },
    'server.clients': ({ offset, limit }) => server.clients(offset, limit),
    async 'server.send'({ clientIds, message }, { clientId }) {
      const { opcode, payload } = await readOutgoing(message, files, clientId)
      return { sent: await server.send(clientIds, opcode, payload) }
    },
    'server.disconnectClient': ({ clientId, code, reason }) =>
      server.disconnectClient(clientId, code, reason),
    'server.terminateClient': ({ clientId }) => server.terminateClient(clientId),
  }
}
