import {
  defaultServerConfig,
  type ServerClient,
  type ServerState,
} from '@shared/model/local-server'

const counters = { messagesIn: 12, messagesOut: 8412, bytesIn: 5120, bytesOut: 1_284_019 }

export function serverClient(id: number, part: Partial<ServerClient> = {}): ServerClient {
  return {
    id,
    address: `127.0.0.1:5000${id}`,
    path: '/chat',
    protocol: '',
    userAgent: '',
    since: 0,
    counters,
    bufferedAmount: 0,
    rtt: null,
    ...part,
  }
}

export function stoppedServer(part: Partial<ServerState> = {}): ServerState {
  return {
    phase: 'stopped',
    config: defaultServerConfig(),
    port: null,
    urls: [],
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
