import type { BrokenRule } from '@shared/model/frame'
import {
  copyUnmasked,
  headerBits,
  headerLengthOf,
  headerViolation,
  lengthViolation,
  opcodes,
  type FrameRules,
} from './frame-header'
import { keptBytes } from './frame-start'

/** What is known of an {@link UnreadFrame} once it is told of. */
export interface UnreadParts {
  readonly header: number
  readonly headerLength: number
  readonly maskingKey: number
  /** Bytes of payload that have arrived. */
  readonly payloadLength: number
  /** Of these what was kept, without the mask. */
  readonly payload: Buffer
  /** The kept bytes as they were on the wire. */
  readonly raw: Buffer
}

/**
 * A frame that `ws` rejects at its header, or that comes when `ws` has stopped reading. Its first
 * 4 KiB are gathered from whatever chunks they come in.
 */
export class UnreadFrame {
  /** The rule its header breaks, when that is why nobody reads on; it is told of after 4 KiB then. */
  readonly rejectedFor: BrokenRule | null
  readonly #bytes = Buffer.allocUnsafe(keptBytes)
  #kept = 0
  #passed = 0

  constructor(rejectedFor: BrokenRule | null) {
    this.rejectedFor = rejectedFor
  }

  /** Bytes that have arrived. */
  get passed(): number {
    return this.#passed
  }

  /** Bytes its header announces, header included, that have not arrived. */
  get left(): number {
    return this.#total - this.#passed
  }

  /** Whether everything has arrived that it has to wait for. */
  get isDone(): boolean {
    return this.left === 0 || (this.rejectedFor !== null && this.#passed === keptBytes)
  }

  /** Takes what is its own of a chunk. @returns the offset after that. */
  take(chunk: Buffer, start: number): number {
    let offset = start
    while (offset < chunk.length && !this.isDone) {
      const most = this.rejectedFor === null ? Infinity : keptBytes - this.#passed
      const end = Math.min(chunk.length, offset + Math.min(this.left, most))
      this.#kept += chunk.copy(this.#bytes, this.#kept, offset, end)
      this.#passed += end - offset
      offset = end
    }
    return offset
  }

  /** Counts bytes of its own that arrived and are not at hand; there is nothing left to keep then. */
  pass(count: number): void {
    this.#passed += count
  }

  /** What has arrived; at least the first two bytes must have. */
  parts(): UnreadParts {
    const raw = Buffer.from(this.#bytes.subarray(0, this.#kept))
    const header = raw.readUInt16BE(0)
    const announced = headerLengthOf(header)
    const headerLength = Math.min(announced, raw.length)
    const isMasked = (header & headerBits.mask) !== 0 && headerLength === announced
    const maskingKey = isMasked ? raw.readUInt32BE(headerLength - 4) : 0
    const payload = Buffer.allocUnsafe(raw.length - headerLength)
    copyUnmasked(raw, headerLength, payload.length, payload, 0, maskingKey)
    const payloadLength = this.#passed - headerLength
    return { header, headerLength, maskingKey, payloadLength, payload, raw }
  }

  /** How many bytes it has, as far as its header tells by now. */
  get #total(): number {
    if (this.#kept < 2) return 2
    const second = this.#bytes[1] as number
    const headerLength = headerLengthOf(second)
    if (this.#kept < headerLength) return headerLength
    const short = second & headerBits.length
    if (short < 126) return headerLength + short
    if (short === 126) return headerLength + this.#bytes.readUInt16BE(2)
    return headerLength + Number(this.#bytes.readBigUInt64BE(2))
  }
}

/**
 * The rule that a frame breaks which comes when nobody reads any more; messages are not put together
 * then, so that its place among others breaks none.
 * @param tooLate the rule that a data frame breaks by coming at all.
 */
export function unreadViolation(
  { header, raw }: UnreadParts,
  rules: FrameRules,
  tooLate: BrokenRule,
): BrokenRule | null {
  const opcode = (header & headerBits.opcode) >> 8
  const short = header & headerBits.length
  const ofHeader = headerViolation(header, rules, opcode === opcodes.continuation)
  if (ofHeader) return ofHeader
  if (short === 127 && raw.length >= 10) {
    const ofLength = lengthViolation(raw, 0)
    if (ofLength) return ofLength
  }
  if (opcode >= opcodes.close) return null
  return tooLate
}
