import { formatCount } from '@shared/format/bytes'
import type { Fault, FaultDirection, FaultMoment } from '@shared/model/server-fault'

const directions: Readonly<Record<FaultDirection, string>> = {
  out: '',
  in: ' in',
  both: ' both ways',
}

/** When each moment is, as a choice list and a summary say it. */
export const momentWords: Readonly<Record<FaultMoment, string>> = {
  open: 'When open',
  received: 'On each message received',
  sending: 'Before each message sent',
}

const afterMoment: Readonly<Record<FaultMoment, string>> = {
  open: 'after opening',
  received: 'after a message',
  sending: 'before a message',
}

const rsvNames: readonly (readonly [bit: number, name: string])[] = [
  [4, 'RSV1'],
  [2, 'RSV2'],
  [1, 'RSV3'],
]

/** A fault in a line, behind its name: `500 ms + up to 250 ms, 50 %, at most 3 times`. */
export function faultSummary(fault: Fault): string {
  return [
    ...own(fault),
    ...(fault.probability < 1 ? [`${percent(fault.probability)} %`] : []),
    ...moment(fault),
    ...(fault.count === null
      ? []
      : [fault.count === 1 ? 'once' : `at most ${formatCount(fault.count)} times`]),
  ].join(', ')
}

/** From 0 to 100, without the traces of binary fractions. */
export function percent(probability: number): number {
  return Number((probability * 100).toFixed(4))
}

function moment(fault: Fault): string[] {
  if (!('at' in fault)) return []
  if (fault.after > 0) return [`${ms(fault.after)} ${afterMoment[fault.at]}`]
  return [fault.at === 'open' ? 'when open' : afterMoment[fault.at].replace('after', 'on')]
}

function own(fault: Fault): string[] {
  switch (fault.kind) {
    case 'delay':
      if (fault.jitter === 'none' || fault.spread === 0) return [ms(fault.delay)]
      if (fault.jitter === 'normal') return [`${ms(fault.delay)} ± ${ms(fault.spread)}`]
      return [`${ms(fault.delay)} to ${ms(fault.delay + fault.spread)}`]
    case 'bandwidth':
      return [`${formatCount(fault.bytesPerSecond)} B/s${directions[fault.direction]}`]
    case 'stall':
      return [
        `${fault.duration === 0 ? 'for good' : ms(fault.duration)}${directions[fault.direction]}`,
      ]
    case 'slow-handshake':
      return [ms(fault.delay)]
    case 'duplicate':
      return fault.copies === 1 ? [] : [`${fault.copies} copies`]
    case 'reorder':
      return [`by ${counted(fault.distance, 'message')}`]
    case 'truncate':
      return [`to ${bytes(fault.bytes)}`]
    case 'oversize':
      return [`to ${bytes(fault.bytes)}`]
    case 'corrupt':
    case 'garbage':
    case 'oversized-control':
      return [bytes(fault.bytes)]
    case 'split':
      return [`${fault.fragments} fragments`]
    case 'merge':
      return [`${fault.messages} messages`]
    case 'close':
      return [fault.reason === '' ? String(fault.code) : `${fault.code} “${fault.reason}”`]
    case 'terminate':
      return [fault.how === 'fin' ? 'FIN' : 'RST']
    case 'ping-storm':
      return [`${formatCount(fault.pings)} at ${formatCount(fault.perSecond)}/s`]
    case 'refuse-after':
    case 'limit':
      return [counted(fault.connections, 'connection')]
    case 'status':
      return [String(fault.status)]
    case 'accept':
      return [fault.accept]
    case 'subprotocol':
      return fault.protocol === '' ? [] : [fault.protocol]
    case 'extension':
      return fault.extension === '' ? [] : [fault.extension]
    case 'reserved-opcode':
      return [`0x${fault.opcode.toString(16)}`]
    case 'rsv':
      return [
        rsvNames.flatMap(([bit, name]) => ((fault.bits & bit) === 0 ? [] : [name])).join(' + '),
      ]
    default:
      return []
  }
}

function ms(value: number): string {
  return value < 1000 ? `${value} ms` : `${formatCount(value / 1000)} s`
}

function bytes(value: number): string {
  return `${formatCount(value)} B`
}

function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`
}
