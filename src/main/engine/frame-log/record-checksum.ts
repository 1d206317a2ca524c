import { crc32 } from 'node:zlib'
import { recordPlaces } from './record-format'

/**
 * Bytes of the shortest record that has a CRC-32, which zlib is fastest at; a call into it costs more
 * than a short record takes.
 */
const crcFrom = 1024

/**
 * The checksum of a record, from its length to its end: XXH32 with seed 0 when it is shorter than
 * 1 KiB, else the CRC-32 of zlib.
 * @param words the same bytes as little-endian numbers, so `offset` and `length` are multiples of 4.
 */
export function recordChecksum(
  bytes: Uint8Array,
  words: Int32Array,
  offset: number,
  length: number,
): number {
  if (length < crcFrom)
    return xxh32(words, (offset + recordPlaces.length) >> 2, (offset + length) >> 2)
  return crc32(bytes.subarray(offset + recordPlaces.length, offset + length))
}

/** As {@link recordChecksum}, of a record that has a buffer of its own. */
export function checksumOf(record: Uint8Array): number {
  const copy = new Uint8Array(record)
  return recordChecksum(copy, new Int32Array(copy.buffer), 0, copy.byteLength)
}

const prime1 = 0x9e37_79b1 | 0
const prime2 = 0x85eb_ca77 | 0
const prime3 = 0xc2b2_ae3d | 0
const prime4 = 0x27d4_eb2f
const prime5 = 0x1656_67b1

/** XXH32 as its specification has it (github.com/Cyan4973/xxHash), of whole words, with seed 0. */
function xxh32(words: Int32Array, start: number, end: number): number {
  let index = start
  let hash = prime5
  if (end - start >= 4) {
    let one = (prime1 + prime2) | 0
    let two = prime2
    let three = 0
    let four = -prime1 | 0
    for (const last = end - 4; index <= last; index += 4) {
      one = lane(one, words[index] as number)
      two = lane(two, words[index + 1] as number)
      three = lane(three, words[index + 2] as number)
      four = lane(four, words[index + 3] as number)
    }
    hash = (rotate(one, 1) + rotate(two, 7) + rotate(three, 12) + rotate(four, 18)) | 0
  }
  hash = (hash + (end - start) * 4) | 0
  for (; index < end; index += 1)
    hash = Math.imul(rotate((hash + Math.imul(words[index] as number, prime3)) | 0, 17), prime4)
  hash = Math.imul(hash ^ (hash >>> 15), prime2)
  hash = Math.imul(hash ^ (hash >>> 13), prime3)
  return (hash ^ (hash >>> 16)) >>> 0
}

function lane(sum: number, word: number): number {
  return Math.imul(rotate((sum + Math.imul(word, prime2)) | 0, 13), prime1)
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits))
}
