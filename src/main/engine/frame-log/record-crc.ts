import { endianness } from 'node:os'
import { crc32 } from 'node:zlib'
import { recordPlaces } from './record-format'

/** From so many bytes on zlib is faster; before, the call into it costs more than the work. */
const zlibFrom = 1024

const littleEndian = endianness() === 'LE'

/**
 * The CRC-32 (as in zlib) of a record, from its length to its end. `words` are the same bytes as
 * 32-bit numbers, so `offset` is a multiple of 8 and `length` too.
 */
export function recordCrc(
  bytes: Uint8Array,
  words: Int32Array,
  offset: number,
  length: number,
): number {
  if (length < zlibFrom && littleEndian) return crcOfWords(words, (offset >> 2) + 1, length >> 2)
  return crc32(bytes.subarray(offset + recordPlaces.length, offset + length))
}

const tables = tablesOf(8)
const [t0, t1, t2, t3, t4, t5, t6, t7] = tables as [
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
]

/** Slicing by eight. An odd number of words, the checksum itself being left out of an even one. */
function crcOfWords(words: Int32Array, start: number, recordWords: number): number {
  const first = ~(words[start] as number)
  let crc =
    (t3[first & 0xff] as number) ^
    (t2[(first >>> 8) & 0xff] as number) ^
    (t1[(first >>> 16) & 0xff] as number) ^
    (t0[first >>> 24] as number)
  const end = start + recordWords - 1
  for (let index = start + 1; index < end; index += 2) {
    const low = crc ^ (words[index] as number)
    const high = words[index + 1] as number
    crc =
      (t7[low & 0xff] as number) ^
      (t6[(low >>> 8) & 0xff] as number) ^
      (t5[(low >>> 16) & 0xff] as number) ^
      (t4[low >>> 24] as number) ^
      (t3[high & 0xff] as number) ^
      (t2[(high >>> 8) & 0xff] as number) ^
      (t1[(high >>> 16) & 0xff] as number) ^
      (t0[high >>> 24] as number)
  }
  return ~crc >>> 0
}

/** Table `k` is what a byte does to the checksum when `k` more bytes follow it. */
function tablesOf(count: number): Int32Array[] {
  const all = Array.from({ length: count }, () => new Int32Array(256))
  const [single] = all as [Int32Array]
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xed_b8_83_20 : crc >>> 1
    single[byte] = crc
  }
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = single[byte] as number
    for (const table of all) {
      table[byte] = crc
      crc = (crc >>> 8) ^ (single[crc & 0xff] as number)
    }
  }
  return all
}
