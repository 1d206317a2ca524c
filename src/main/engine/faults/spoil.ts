import type { Fault, FaultOf } from '@shared/model/server-fault'
import { opcodes } from '../wire/frame-header'
import {
  bits,
  isMessage,
  opcodeOf,
  ownUnit,
  plainPayloadOf,
  type OutFrame,
  type OutUnit,
} from './out-unit'
import { bytesOf, type Random } from './random'
import { withPlainPayload } from './rewrite'

/** Faults that break RFC 6455 in a frame: in one that goes out, or in one of their own. */
export type SpoilFault = FaultOf<
  'masked' | 'reserved-opcode' | 'rsv' | 'invalid-utf8' | 'non-minimal-length'
>

/** Faults that always send frames of their own. */
export type StrayFault = FaultOf<
  'fragmented-control' | 'oversized-control' | 'stray-continuation' | 'short-close' | 'close'
>

const spoilWords: Readonly<Record<SpoilFault['kind'], string>> = {
  masked: 'masked',
  'reserved-opcode': 'sent with another opcode',
  rsv: 'sent with reserved bits',
  'invalid-utf8': 'sent with a byte that is not UTF-8',
  'non-minimal-length': 'sent with a longer length field',
}

const strayKinds: ReadonlySet<string> = new Set<StrayFault['kind']>([
  'fragmented-control',
  'oversized-control',
  'stray-continuation',
  'short-close',
  'close',
])

export function isSpoilFault(fault: Fault): fault is SpoilFault {
  return Object.hasOwn(spoilWords, fault.kind)
}

export function isStrayFault(fault: Fault): fault is StrayFault {
  return strayKinds.has(fault.kind)
}

const text = Buffer.from('fault')
const notUtf8 = Buffer.from([0xff])

/** Follows the words of the message it strikes, as in `text message of 12 B masked`. */
export function spoiledWords({ kind }: SpoilFault): string {
  return spoilWords[kind]
}

/** Whether the fault changes this message at all. */
export function canSpoil(fault: SpoilFault, unit: OutUnit): boolean {
  if (!isMessage(unit)) return false
  if (fault.kind === 'invalid-utf8') return opcodeOf(unit) === opcodes.text
  const [frame] = unit.frames
  const length = (frame?.payload.length ?? 0) + (frame?.filling?.count ?? 0)
  return fault.kind !== 'non-minimal-length' || length < 0x1_0000
}

/** The message with what RFC 6455 forbids: in its first frame, or in all when it is masked. */
export function spoiled(fault: SpoilFault, unit: OutUnit, random: Random): OutUnit {
  if (fault.kind === 'invalid-utf8')
    return withPlainPayload(unit, Buffer.concat([plainPayloadOf(unit), notUtf8]))
  const frames = unit.frames.map((frame, index): OutFrame => {
    if (fault.kind === 'masked')
      // A mask is made for what is there; what fills a payload up would need it as well.
      return { ...withoutFilling(frame), maskingKey: bytesOf(random, 4) }
    if (index > 0) return frame
    const { first } = frame
    if (fault.kind === 'reserved-opcode')
      return { ...frame, first: (first & ~bits.opcode) | fault.opcode }
    if (fault.kind === 'rsv') return { ...frame, first: first | (fault.bits << 4) }
    return { ...frame, longLength: true }
  })
  return { ...unit, frames, isAltered: true }
}

/** A message of its own that breaks the rule. */
export function spoiledText(fault: SpoilFault, random: Random): OutUnit {
  return spoiled(fault, ownUnit({ first: bits.fin | opcodes.text, payload: text }), random)
}

/** The frames of its own that a fault sends. */
export function strayUnits(fault: StrayFault): readonly OutUnit[] {
  switch (fault.kind) {
    case 'fragmented-control':
      return [
        ownUnit({ first: opcodes.ping, payload: text.subarray(0, 3) }),
        ownUnit({ first: bits.fin | opcodes.continuation, payload: text.subarray(3) }),
      ]
    case 'oversized-control':
      return [ownUnit({ first: bits.fin | opcodes.ping, payload: Buffer.alloc(fault.bytes, 'a') })]
    case 'stray-continuation':
      return [ownUnit({ first: bits.fin | opcodes.continuation, payload: text })]
    case 'short-close':
      return [ownUnit({ first: bits.fin | opcodes.close, payload: Buffer.from([0x03]) })]
    case 'close': {
      const payload = Buffer.concat([Buffer.alloc(2), Buffer.from(fault.reason)])
      payload.writeUInt16BE(fault.code)
      return [ownUnit({ first: bits.fin | opcodes.close, payload })]
    }
  }
}

function withoutFilling({ filling, ...frame }: OutFrame): OutFrame {
  if (!filling) return frame
  const rest = Buffer.alloc(filling.count, filling.byte)
  return { ...frame, payload: Buffer.concat([frame.payload, rest]) }
}
