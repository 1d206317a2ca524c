import type { OutgoingMessage } from '@shared/contract'
import { engine } from '../api/engine'

/** What can be sent on a connection. */
export function useOutgoing(connectionId: string) {
  return {
    send: (message: OutgoingMessage) => engine.call('connections.send', { connectionId, message }),
    ping: (payload: Uint8Array<ArrayBuffer>) =>
      engine.call('connections.ping', { connectionId, payload }),
  }
}
