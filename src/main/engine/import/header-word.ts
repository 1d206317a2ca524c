import type { NewRow } from '../frame-log/frame-log'
import { headerBits } from '../wire/frame-header'

/** What a row says of the frame it came in. */
export type FrameFacts = Pick<NewRow, 'wireSize' | 'fragments' | 'header' | 'maskingKey' | 'frames'>

/** Of events, which are in no frame. */
export const noFrame: FrameFacts = {
  wireSize: 0,
  fragments: 0,
  header: 0,
  maskingKey: 0,
  frames: null,
}

/**
 * The frame that a message would have come in, where a file does not tell: one, in its shortest form,
 * uncompressed (RFC 6455 section 5.2). Its masking key is 0.
 */
export function assumedFrame(opcode: number, length: number, masked: boolean): FrameFacts {
  const wireSize = headerLengthFor(length, masked) + length
  return {
    wireSize,
    fragments: 1,
    header: headerWord(opcode, length, masked, false),
    maskingKey: 0,
    frames: null,
  }
}

/**
 * The first two bytes of the first frame's header, made of what else is known of a message.
 * @param length payload bytes on the wire.
 */
export function headerWord(
  opcode: number,
  length: number,
  masked: boolean,
  compressed: boolean,
): number {
  const short = length < 126 ? length : length < 0x1_0000 ? 126 : 127
  return (
    headerBits.fin |
    (compressed ? headerBits.rsv1 : 0) |
    ((opcode & 0x0f) << 8) |
    (masked ? headerBits.mask : 0) |
    short
  )
}

/** Bytes of the header of a frame with so many payload bytes. */
export function headerLengthFor(length: number, masked: boolean): number {
  return 2 + (length < 126 ? 0 : length < 0x1_0000 ? 2 : 8) + (masked ? 4 : 0)
}
