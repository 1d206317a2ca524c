import type { Behaviour, BehaviourKind } from '@shared/model/server-route'
import type { MenuGroup } from './menu-group'

export interface BehaviourWords {
  readonly label: string
  readonly does: string
}

/** Every behaviour in words, in the order they are offered. */
export const behaviourWords: Readonly<Record<BehaviourKind, BehaviourWords>> = {
  echo: { label: 'Echo', does: 'Messages go back to their sender.' },
  broadcast: { label: 'Broadcast', does: 'Messages go to all clients of the route.' },
  relay: { label: 'Relay', does: 'Messages go to all clients of the route but their sender.' },
  rooms: { label: 'Rooms', does: 'Messages go to the clients in the sender’s room.' },
  ticker: { label: 'Ticker', does: 'Each client is sent a text again and again.' },
  script: { label: 'Script', does: 'The first rule that fits a message acts on it.' },
}

export const behaviourMenu: readonly MenuGroup[] = [
  {
    label: '',
    items: Object.entries(behaviourWords).map(([id, { label, does }]) => ({
      id,
      label,
      hint: does,
    })),
  },
]

/**
 * A behaviour as it is when it is added: one that can run at once.
 * @param parameters of the path of its route.
 */
export function newBehaviour(
  kind: BehaviourKind,
  id: string,
  parameters: readonly string[],
): Behaviour {
  switch (kind) {
    case 'rooms': {
      const [parameter] = parameters
      const join =
        parameter === undefined
          ? ({ by: 'prefix', prefix: '/join ' } as const)
          : ({ by: 'path', parameter } as const)
      return { id, kind, join, toSender: false }
    }
    case 'ticker':
      return { id, kind, interval: 5000, template: 'tick {{counter}} at {{iso}}' }
    case 'script':
      return {
        id,
        kind,
        rules: [
          {
            id: 'first',
            on: { kind: 'message', match: { kind: 'text', text: 'ping', whole: true } },
            steps: [{ kind: 'reply', template: 'pong', as: 'text' }],
          },
        ],
      }
    default:
      return { id, kind }
  }
}

/** What a route does, as its row says it. */
export function behavioursInWords(behaviours: readonly Behaviour[]): string {
  return behaviours.length === 0 ? 'silent' : behaviours.map(({ kind }) => kind).join(' + ')
}
