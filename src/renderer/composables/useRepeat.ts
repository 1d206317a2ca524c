import type { Input } from '@shared/contract'
import { engine } from '../api/engine'

type Repeat = Omit<Input<'connections.startRepeat'>, 'connectionId'>

/** Sends a message again and again; how far it is stands in the connection itself. */
export function useRepeat(connectionId: string) {
  return {
    start: (repeat: Repeat) => engine.call('connections.startRepeat', { connectionId, ...repeat }),
    stop: () => engine.call('connections.stopRepeat', { connectionId }),
  }
}
