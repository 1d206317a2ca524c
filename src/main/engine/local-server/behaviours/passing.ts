import { ownCopy } from './own-copy'
import type { RouteHost, RunningBehaviour } from './behaviour'

/** Messages go back to their sender. */
export function runEcho(): RunningBehaviour {
  return {
    received: (client, opcode, payload) => client.send(opcode, ownCopy(payload)),
  }
}

/** Messages go to all clients of the route, to their sender only where `toSender` says so. */
export function runBroadcast({ clients }: RouteHost, toSender: boolean): RunningBehaviour {
  return {
    received(sender, opcode, payload) {
      const copy = ownCopy(payload)
      for (const client of clients())
        if (toSender || client.id !== sender.id) client.send(opcode, copy)
    },
  }
}
