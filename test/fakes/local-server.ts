import {
  defaultServerConfig,
  type ServerClient,
  type ServerState,
} from '@shared/model/local-server'
import type { FakeEngine } from './fake-engine'

const counters = { messagesIn: 12, messagesOut: 8412, bytesIn: 5120, bytesOut: 1_284_019 }

export function serverClient(id: number, part: Partial<ServerClient> = {}): ServerClient {
  return {
    id,
    address: `127.0.0.1:${50_000 + id}`,
    path: '/chat',
    route: '*',
    protocol: '',
    extensions: '',
    userAgent: '',
    since: 0,
    counters,
    bufferedAmount: 0,
    pressed: false,
    rtt: null,
    faults: 0,
    ...part,
  }
}

export function stoppedServer(part: Partial<ServerState> = {}): ServerState {
  return {
    id: 's1',
    name: 'Local server',
    autostart: false,
    phase: 'stopped',
    config: defaultServerConfig(),
    port: null,
    urls: [],
    restartNeeded: false,
    since: null,
    logId: 'server',
    clients: 0,
    counters,
    ...part,
  }
}

export function runningServer(part: Partial<ServerState> = {}): ServerState {
  return stoppedServer({
    phase: 'running',
    port: 8765,
    urls: ['ws://127.0.0.1:8765'],
    since: 0,
    ...part,
  })
}

/** Lets the engine answer `servers.clients` from a list, as it pages. */
export function answerClients(engine: FakeEngine, clients: () => readonly ServerClient[]): void {
  engine.answers['servers.clients'] = ({ offset, limit }) => ({
    total: clients().length,
    clients: clients().slice(offset, offset + limit),
  })
}

/** Lets the engine keep servers: it answers list, update, duplicate, remove and restore, and tells of them. */
export function answerServers(engine: FakeEngine, initial: readonly ServerState[]): void {
  const kept = new Map(initial.map((server) => [server.id, server]))
  const removed = new Map<string, ServerState>()
  const get = (serverId: string) => {
    const server = kept.get(serverId)
    if (!server) throw new Error(`There is no server ${serverId}.`)
    return server
  }
  const put = (server: ServerState) => {
    kept.set(server.id, server)
    engine.emit('servers.changed', server)
    return server
  }
  engine.answers['servers.list'] = () => [...kept.values()]
  engine.answers['servers.update'] = ({ serverId, ...part }) => {
    const server = get(serverId)
    const { name = server.name, autostart = server.autostart, config = server.config } = part
    return put({ ...server, name, autostart, config })
  }
  engine.answers['servers.create'] = ({ name = 'Local server 2', config }) =>
    put(stoppedServer({ id: `s${kept.size + 1}`, name, config: config ?? defaultServerConfig() }))
  engine.answers['servers.duplicate'] = ({ serverId }) => {
    const { name, config } = get(serverId)
    return put(stoppedServer({ id: `${serverId}-copy`, name: `${name} copy`, config }))
  }
  engine.answers['servers.remove'] = ({ serverId }) => {
    removed.set(serverId, get(serverId))
    kept.delete(serverId)
    engine.emit('servers.removed', { serverId })
  }
  engine.answers['servers.restore'] = ({ serverId }) => {
    const server = removed.get(serverId)
    if (!server) throw new Error(`Server ${serverId} was not removed.`)
    return put({ ...server, phase: 'stopped', port: null, urls: [] })
  }
}
