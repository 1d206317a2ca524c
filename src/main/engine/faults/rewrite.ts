import type { Fault, FaultOf } from '@shared/model/server-fault'
import { opcodes } from '../wire/frame-header'
import { wholeOf, type Random } from './random'
import {
  bits,
  isCompressed,
  opcodeOf,
  payloadOf,
  plainPayloadOf,
  sizeOf,
  type OutFrame,
  type OutUnit,
} from './out-unit'

/** What becomes of a message. */
export interface Rewritten {
  /** In the order they go out; none when it does not. The first settles for all. */
  readonly units: readonly OutUnit[]
  /** Follows the words of the message, as in `text message of 12 B not sent`. */
  readonly words: string
}

export type RewriteFault = FaultOf<
  'drop' | 'duplicate' | 'truncate' | 'corrupt' | 'split' | 'oversize'
>

const rewriteKinds: ReadonlySet<string> = new Set<RewriteFault['kind']>([
  'drop',
  'duplicate',
  'truncate',
  'corrupt',
  'split',
  'oversize',
])

export function isRewriteFault(fault: Fault): fault is RewriteFault {
  return rewriteKinds.has(fault.kind)
}

/** Whether the fault changes this message at all. */
export function canRewrite(fault: RewriteFault, unit: OutUnit): boolean {
  if (fault.kind === 'truncate') return sizeOf(unit) > fault.bytes
  if (fault.kind === 'corrupt') return payloadOf(unit).length > 0
  if (fault.kind === 'oversize') return plainPayloadOf(unit).length < fault.bytes
  return true
}

/** What one of the faults of messages makes of a message, see `faultWords`. */
export function rewrite(fault: RewriteFault, unit: OutUnit, random: Random): Rewritten {
  switch (fault.kind) {
    case 'drop':
      return { units: [], words: 'not sent' }
    case 'duplicate': {
      const copy = { ...unit, settle: () => undefined }
      const times = fault.copies === 1 ? 'once' : `${fault.copies} times`
      return {
        units: [unit, ...new Array<OutUnit>(fault.copies).fill(copy)],
        words: `sent ${times} more`,
      }
    }
    case 'truncate':
      return { units: [truncated(unit, fault.bytes)], words: `cut to ${fault.bytes} B` }
    case 'corrupt':
      return corrupted(unit, fault.bytes, random)
    case 'split':
      return {
        units: [split(unit, fault.fragments)],
        words: `sent in ${fault.fragments} fragments`,
      }
    case 'oversize':
      return { units: [filledUp(unit, fault.bytes)], words: `filled up to ${fault.bytes} B` }
  }
}

/** The same message with other payload, in one frame. */
export function withPayload(unit: OutUnit, payload: Buffer): OutUnit {
  const first = bits.fin | ((unit.frames[0]?.first ?? 0) & (bits.rsv | bits.opcode))
  return { ...unit, frames: [{ first, payload }], isAltered: true }
}

/** As {@link withPayload}, of a message that is not compressed. */
export function withPlainPayload(unit: OutUnit, payload: Buffer): OutUnit {
  return { ...unit, frames: [{ first: bits.fin | opcodeOf(unit), payload }], isAltered: true }
}

function truncated(unit: OutUnit, bytes: number): OutUnit {
  const frames: OutFrame[] = []
  let left = bytes
  for (const { first, payload } of unit.frames) {
    frames.push({ first: first & ~bits.fin, payload: payload.subarray(0, left) })
    left -= Math.min(left, payload.length)
    if (left === 0) break
  }
  const last = frames.pop() as OutFrame
  return {
    ...unit,
    frames: [...frames, { ...last, first: last.first | bits.fin }],
    isAltered: true,
  }
}

function corrupted(unit: OutUnit, bytes: number, random: Random): Rewritten {
  const payload = Buffer.from(payloadOf(unit))
  const positions = new Set<number>()
  const wanted = Math.min(bytes, payload.length)
  while (positions.size < wanted) positions.add(wholeOf(random, payload.length))
  for (const position of positions)
    payload[position] = (payload[position] as number) ^ (1 + wholeOf(random, 255))
  let offset = 0
  const frames = unit.frames.map((frame) => {
    const part = payload.subarray(offset, offset + frame.payload.length)
    offset += part.length
    return { ...frame, payload: part }
  })
  const words = wanted === 1 ? 'sent with 1 byte changed' : `sent with ${wanted} bytes changed`
  return { units: [{ ...unit, frames, isAltered: true }], words }
}

/** Only the first frame has the opcode and RSV1 (RFC 6455 section 5.4, RFC 7692 section 6). */
function split(unit: OutUnit, fragments: number): OutUnit {
  const payload = payloadOf(unit)
  const begun = (unit.frames[0]?.first ?? 0) & ~bits.fin
  const filling = unit.frames.at(-1)?.filling
  const frames = Array.from({ length: fragments }, (_unused, index): OutFrame => {
    const start = Math.floor((payload.length * index) / fragments)
    const end = Math.floor((payload.length * (index + 1)) / fragments)
    const isFinal = index === fragments - 1
    const first = (index === 0 ? begun : opcodes.continuation) | (isFinal ? bits.fin : 0)
    const frame = { first, payload: payload.subarray(start, end) }
    return isFinal && filling ? { ...frame, filling } : frame
  })
  return { ...unit, frames }
}

function filledUp(unit: OutUnit, bytes: number): OutUnit {
  const plain = isCompressed(unit) ? withPlainPayload(unit, plainPayloadOf(unit)) : unit
  const whole = withPayload(plain, payloadOf(plain))
  const [frame] = whole.frames
  if (!frame) return unit
  const byte = opcodeOf(unit) === opcodes.text ? 0x20 : 0
  const filling = { byte, count: bytes - frame.payload.length }
  return { ...whole, frames: [{ ...frame, filling }] }
}
