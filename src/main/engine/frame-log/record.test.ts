import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc32 } from 'node:zlib'
import { directions, fates, rowKinds } from '@shared/model/frame'
import type { NewRow } from './frame-log'
import { recordChecksum } from './record-checksum'
import { decodeSections, encodeSections } from './record-sections'
import { flagsOf, readRows, rowRecordBytes, writeRow } from './record'
import { fateOfFlags, flagsWithFate } from './record-format'

const u32 = fc.integer({ min: 0, max: 0xffff_ffff })
const bytes = (maxLength: number) => fc.uint8Array({ maxLength })

const anyRow: fc.Arbitrary<NewRow> = fc.record({
  session: u32,
  time: fc.double({ noNaN: true, min: 0, max: 4e12 }),
  direction: fc.constantFrom(...directions),
  kind: fc.constantFrom(...rowKinds),
  payload: bytes(40),
  wireSize: u32,
  fragments: u32,
  header: fc.integer({ min: 0, max: 0xffff }),
  maskingKey: u32,
  frames: fc.option(
    fc.array(
      fc.record({
        header: fc.uint8Array({ minLength: 2, maxLength: 14 }),
        payloadLength: fc.nat(),
        time: fc.double({ noNaN: true, min: 0, max: 4e12 }),
      }),
      { maxLength: 3 },
    ),
  ),
  raw: fc.option(bytes(20)),
  fate: fc.option(fc.constantFrom(...fates)),
  rtt: fc.option(fc.double({ noNaN: true, min: 0, max: 1e6 })),
  broken: fc.option(fc.record({ rule: fc.string(), section: fc.string() })),
})

function recordsOf(rows: readonly NewRow[]): Uint8Array<ArrayBuffer> {
  const sections = rows.map((row) => encodeSections(row))
  const lengths = rows.map((row, index) =>
    rowRecordBytes(sections[index]?.byteLength ?? 0, row.payload.byteLength),
  )
  const target = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0)).fill(0xee)
  const view = new DataView(target.buffer)
  let offset = 0
  for (const [index, row] of rows.entries()) {
    const length = lengths[index] ?? 0
    writeRow(target, view, offset, length, row, flagsOf(row), sections[index] ?? null)
    offset += length
  }
  return target
}

describe('a row record', () => {
  it('gives back every field of every row', () => {
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 5 }), fc.nat(), (rows, firstId) => {
        const read: unknown[] = []
        const end = readRows(recordsOf(rows), firstId, (row) => {
          const { rtt, broken, raw, frames } = decodeSections(row.sections)
          expect(row.broken).toBe(broken !== null)
          read.push({
            id: row.id,
            session: row.session,
            time: row.time,
            direction: row.direction,
            kind: row.kind,
            payload: row.payload.slice(),
            wireSize: row.wireSize,
            fragments: row.fragments,
            header: row.header,
            maskingKey: row.maskingKey,
            fate: fateOfFlags(row.flags),
            ...{ rtt, broken, raw, frames: frames && [...frames] },
          })
        })
        expect(end).toBe(firstId + rows.length)
        expect(read).toEqual(rows.map((row, index) => ({ ...row, id: firstId + index })))
      }),
    )
  })

  it('keeps everything else when its fate changes', () => {
    fc.assert(
      fc.property(anyRow, fc.constantFrom(...fates), (row, fate) => {
        const flags = flagsWithFate(flagsOf(row), fate)
        expect(flags).toBe(flagsOf({ ...row, fate }))
        expect(fateOfFlags(flags)).toBe(fate)
      }),
    )
  })

  it('is read as far as records are whole, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 4 }), bytes(80), fc.nat(), (rows, noise, cut) => {
        const whole = Buffer.concat([recordsOf(rows), noise])
        const visited = (source: Uint8Array) => {
          let sum = 0
          const end = readRows(source, 0, (row) => {
            sum += row.payload.length + row.sections.length + row.wireSize + (row.closeCode ?? 0)
          })
          expect(sum).not.toBeNaN()
          return end
        }
        visited(noise)
        expect(visited(whole.subarray(0, cut % (whole.length + 1)))).toBeLessThanOrEqual(
          visited(whole),
        )
      }),
    )
  })

  it('stops where the visitor says', () => {
    const [row] = fc.sample(anyRow, 1) as [NewRow]
    expect(readRows(recordsOf([row, row, row]), 7, ({ id }) => id < 8)).toBe(9)
  })
})

describe('the checksum of a record', () => {
  it('is XXH32 of a short one and the CRC-32 of zlib of a long one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 300 }), fc.nat(), fc.nat(5), (units, seed, skipped) => {
        const content = new Uint8Array((skipped + units) * 8).map((_, at) => (at * 31 + seed) % 251)
        const words = new Int32Array(content.buffer)
        const offset = skipped * 8
        const covered = content.subarray(offset + 4)
        expect(recordChecksum(content, words, offset, units * 8)).toBe(
          units * 8 < 1024 ? xxh32(covered) : crc32(covered),
        )
      }),
    )
  })

  it('is held against the published values of XXH32', () => {
    const text = (value: string) => new TextEncoder().encode(value)
    expect(xxh32(text(''))).toBe(0x02cc_5d05)
    expect(xxh32(text('a'))).toBe(0x550d_7456)
    expect(xxh32(text('abc'))).toBe(0x32d1_53ff)
    expect(xxh32(text('Nobody inspects the spammish repetition'))).toBe(0xe229_3b2f)
  })
})

/** XXH32 word for word as its specification describes it. */
function xxh32(bytes: Uint8Array): number {
  const [one, two, three, four, five] = [
    0x9e37_79b1n,
    0x85eb_ca77n,
    0xc2b2_ae3dn,
    0x27d4_eb2fn,
    0x1656_67b1n,
  ] as const
  const cut = (value: bigint) => BigInt.asUintN(32, value)
  const rotate = (value: bigint, by: bigint) => cut((value << by) | (value >> (32n - by)))
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  let hash: bigint = five
  if (bytes.length >= 16) {
    const sums = [cut(one + two), two, 0n, cut(-one)]
    for (; at + 16 <= bytes.length; at += 16)
      sums.forEach((sum, lane) => {
        const word = BigInt(view.getUint32(at + lane * 4, true))
        sums[lane] = cut(rotate(cut(sum + word * two), 13n) * one)
      })
    hash = sums.reduce((all, sum, lane) => all + rotate(sum, [1n, 7n, 12n, 18n][lane] ?? 0n), 0n)
  }
  hash = cut(hash + BigInt(bytes.length))
  for (; at + 4 <= bytes.length; at += 4)
    hash = cut(rotate(cut(hash + BigInt(view.getUint32(at, true)) * three), 17n) * four)
  for (; at < bytes.length; at += 1)
    hash = cut(rotate(cut(hash + BigInt(bytes[at] ?? 0) * five), 11n) * one)
  hash = cut((hash ^ (hash >> 15n)) * two)
  hash = cut((hash ^ (hash >> 13n)) * three)
  return Number(hash ^ (hash >> 16n))
}
