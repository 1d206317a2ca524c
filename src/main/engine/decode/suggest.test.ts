import * as zlib from 'node:zlib'
import { encode as msgpack } from '@msgpack/msgpack'
import { encode as cbor } from 'cborg'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runChain } from './run-chain'
import { suggest } from './suggest'

const value = { id: 7, name: 'Ada Lovelace', tags: ['a', 'b'] }
const utf8 = (text: string) => new TextEncoder().encode(text)
const json = utf8(JSON.stringify(value))
const base64 = (bytes: Uint8Array) => utf8(Buffer.from(bytes).toString('base64'))
const hex = (bytes: Uint8Array) => utf8(Buffer.from(bytes).toString('hex'))

/** The likeliest chain as names of steps. */
function best(bytes: Uint8Array, whole = true): string {
  return namesOf(bytes, whole)[0] ?? ''
}

function namesOf(bytes: Uint8Array, whole = true): string[] {
  return suggest(bytes, whole ? bytes.length : Number.POSITIVE_INFINITY).map((chain) =>
    chain.map((step) => step.name).join(' '),
  )
}

describe('suggest', () => {
  it.each([
    ['JSON in gzip', zlib.gzipSync(json), 'gzip json'],
    ['text in zlib', zlib.deflateSync(utf8('plain words')), 'zlib utf-8'],
    ['JSON in Zstandard', zlib.zstdCompressSync(json), 'zstd json'],
    ['JSON in Brotli', zlib.brotliCompressSync(json), 'brotli json'],
    ['JSON in bare deflate', zlib.deflateRawSync(json), 'deflate-raw json'],
    ['MessagePack', msgpack(value), 'msgpack'],
    ['CBOR', cbor(value), 'cbor'],
    ['base64 of JSON', base64(json), 'base64 json'],
    ['base64url of JSON', utf8(Buffer.from(json).toString('base64url')), 'base64 json'],
    ['hex of JSON', hex(json), 'hex json'],
    ['base64 of gzip of MessagePack', base64(zlib.gzipSync(msgpack(value))), 'base64 gzip msgpack'],
    ['base64 of text', base64(utf8('plain words with spaces')), 'base64 utf-8'],
    ['UTF-16 LE', Buffer.from('plain words', 'utf16le'), 'utf-16le'],
    ['UTF-16 LE with a mark', Buffer.from('\ufeffпривет', 'utf16le'), 'utf-16le'],
    ['UTF-16 BE of JSON', Buffer.from(JSON.stringify(value), 'utf16le').swap16(), 'utf-16be json'],
    ['Protobuf', Buffer.from('0a03416461' + '1007' + '1a050a03616263', 'hex'), 'protobuf'],
    [
      'gzip with something behind it',
      Buffer.concat([zlib.gzipSync('words'), Buffer.from('xx')]),
      'gzip utf-8',
    ],
    [
      'Zstandard after a frame to be skipped',
      Buffer.concat([Buffer.from('502a4d180100000000', 'hex'), zlib.zstdCompressSync(json)]),
      'zstd json',
    ],
    ['bytes in gzip', zlib.gzipSync(Uint8Array.of(0xff, 0, 0xff, 0, 0xfe)), 'gzip'],
  ])('finds %s', (_, bytes, chain) => {
    expect(best(Uint8Array.from(bytes))).toBe(chain)
  })

  it.each([
    ['JSON', json],
    ['words', utf8('The quick brown fox jumps over the lazy dog')],
    ['one word', utf8('helloworldhelloworld')],
    ['a number', utf8('1234567890123456')],
    ['a UUID', utf8('550e8400-e29b-41d4-a716-446655440000')],
    ['nothing', new Uint8Array()],
    ['XML', utf8('<a>text</a>')],
  ])('suggests nothing for %s', (_, bytes) => {
    expect(namesOf(bytes)).toEqual([])
  })

  it('knows the beginning of a large payload', () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => ({ ...value, id: index }))
    const beginning = (bytes: Uint8Array) => Uint8Array.from(bytes.subarray(0, 64 * 1024))
    const large = utf8(JSON.stringify(rows))

    expect(best(beginning(msgpack(rows)), false)).toBe('msgpack')
    expect(best(beginning(cbor(rows)), false)).toBe('cbor')
    expect(best(beginning(zlib.gzipSync(large, { level: 0 })), false)).toBe('gzip json')
    expect(best(beginning(base64(large)), false)).toBe('base64 json')
    expect(best(beginning(hex(large)), false)).toBe('hex json')
    expect(best(beginning(Buffer.from('words '.repeat(20_000), 'utf16le')), false)).toBe('utf-16le')
    expect(namesOf(beginning(large), false)).toEqual([])
  })

  it('hardly ever takes random bytes for something', () => {
    // Xorshift, so that the bytes are the same in every run.
    let state = 0x9e37_79b9
    const random = (length: number) =>
      Uint8Array.from({ length }, () => {
        state ^= state << 13
        state ^= state >>> 17
        state ^= state << 5
        return state & 0xff
      })
    const long = random(64 * 1024)
    for (const size of [64, 1000, 64 * 1024, 1024 * 1024]) {
      const bytes = long.slice(0, Math.min(size, long.length))
      let found = 0
      for (let sample = 0; sample < 1000; sample += 1) {
        // In a long one, its beginning decides.
        bytes.set(random(Math.min(size, 500)))
        if (suggest(bytes, size).length > 0) found += 1
      }
      expect(found).toBeLessThanOrEqual(5)
    }
  }, 60_000)

  it('does not believe a length that the payload cannot have', () => {
    const bytes = new Uint8Array(64 * 1024)
    // An array of two values, the first of them 2 GiB of bytes.
    bytes.set([0x92, 0xc6, 0x80, 0, 0, 0])
    expect(suggest(bytes, 1024 * 1024)).toEqual([])
    const image = Uint8Array.from(msgpack(['image', new Uint8Array(900_000)]))
    expect(suggest(image.slice(0, 64 * 1024), image.length)).toEqual([[{ name: 'msgpack' }]])
  })

  it('suggests only chains that decode, and at most five', () => {
    const step = fc.constantFrom<(bytes: Uint8Array) => Uint8Array>(
      base64,
      hex,
      (bytes) => zlib.gzipSync(bytes),
      (bytes) => zlib.deflateSync(bytes),
      (bytes) => msgpack({ bytes }),
    )
    const start = fc.oneof(fc.uint8Array(), fc.json().map(utf8))
    fc.assert(
      fc.property(start, fc.array(step, { maxLength: 3 }), (bytes, steps) => {
        const payload = Uint8Array.from(
          steps.reduce<Uint8Array>((input, wrap) => wrap(input), bytes),
        )
        const chains = suggest(payload, payload.length)
        expect(chains.length).toBeLessThanOrEqual(5)
        for (const chain of chains)
          expect(runChain(payload.slice(), chain, () => null).info.problem).toBeNull()
      }),
      { numRuns: 300 },
    )
  })
})
