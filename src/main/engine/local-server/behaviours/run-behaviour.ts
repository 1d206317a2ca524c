import type { Behaviour } from '@shared/model/server-route'
import type { BehaviourOptions, RouteHost, RunningBehaviour } from './behaviour'
import { runBroadcast, runEcho } from './passing'
import { runTicker } from './pushing'
import { runRooms } from './rooms'
import { Script } from './script'

/**
 * Starts what a route does. Several act one after the other, in their order.
 * @throws {Error} when something in it does not parse; `checkPlan` finds that out before.
 */
export function runBehaviour(
  behaviour: Behaviour,
  host: RouteHost,
  options: BehaviourOptions,
): RunningBehaviour {
  switch (behaviour.kind) {
    case 'echo':
      return runEcho()
    case 'broadcast':
      return runBroadcast(host, true)
    case 'relay':
      return runBroadcast(host, false)
    case 'rooms':
      return runRooms(behaviour, host)
    case 'ticker':
      return runTicker(behaviour, options)
    case 'script':
      return new Script(behaviour, host, options)
  }
}
