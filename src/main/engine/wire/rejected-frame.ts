import { copyUnmasked, headerBits, headerLengthOf } from './frame-header'

/** As much of a rejected frame's payload as is there, unmasked when its header says it is masked. */
export function readRejected(raw: Buffer): {
  headerLength: number
  payload: Buffer
  maskingKey: number
} {
  const second = raw[1] as number
  const headerLength = Math.min(headerLengthOf(second), raw.length)
  let length = second & headerBits.length
  if (length === 126) length = raw.length >= 4 ? raw.readUInt16BE(2) : 0
  else if (length === 127) length = raw.length >= 10 ? Number(raw.readBigUInt64BE(2)) : 0
  const masked = (second & headerBits.mask) !== 0 && headerLength === headerLengthOf(second)
  const maskingKey = masked ? raw.readUInt32BE(headerLength - 4) : 0
  const received = raw.subarray(headerLength, headerLength + Math.min(length, raw.length))
  const payload = Buffer.allocUnsafe(received.length)
  copyUnmasked(received, 0, received.length, payload, 0, maskingKey)
  return { headerLength, payload, maskingKey }
}
