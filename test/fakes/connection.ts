import { defaultConfig, neverConnected, type Connection } from '@shared/model/connection'

/** An open connection, changed as the test needs it. */
export function openConnection(part: Partial<Connection> = {}): Connection {
  return {
    id: 'c1',
    name: 'Order book',
    profileId: null,
    config: defaultConfig('ws://127.0.0.1:8765'),
    logId: 'l1',
    state: { ...neverConnected(), phase: 'open', since: 0 },
    counters: { messagesIn: 0, messagesOut: 0, bytesIn: 0, bytesOut: 0 },
    bufferedAmount: 0,
    binaryType: 'nodebuffer',
    repeat: null,
    ...part,
  }
}
