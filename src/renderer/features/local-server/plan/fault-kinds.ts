import { faultWords, type FaultGroup, type FaultKind } from '@shared/model/server-fault'
import type { MenuGroup } from './menu-group'

const groupNames: Readonly<Record<FaultGroup, string>> = {
  timing: 'Timing',
  messages: 'Messages',
  connection: 'Connection',
  handshake: 'Handshake',
  protocol: 'Protocol',
}

export const faultKinds = Object.keys(faultWords) as readonly FaultKind[]

/** Over by the time there is a client that they could be for. */
const beforeOpen: readonly FaultKind[] = ['slow-handshake', 'refuse-after', 'limit']

/** The faults as a menu offers them. `handshake`: also those that strike before a client is open. */
export function faultMenu(handshake: boolean): MenuGroup[] {
  return Object.entries(groupNames).flatMap(([group, label]) => {
    const kinds = faultKinds.filter(
      (kind) =>
        faultWords[kind].group === group &&
        (handshake || (group !== 'handshake' && !beforeOpen.includes(kind))),
    )
    if (kinds.length === 0) return []
    const items = kinds.map((id) => ({
      id,
      label: faultWords[id].label,
      hint: faultWords[id].does,
    }))
    return [{ label, items }]
  })
}
