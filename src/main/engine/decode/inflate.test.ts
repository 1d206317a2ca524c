import * as zlib from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maxDecodedBytes } from '@shared/model/decode'
import type { CompressionName } from './compressions'
import { DecodeFailure } from './decode-failure'
import { inflate, inflateStart } from './inflate'

const deflaters: Readonly<Record<CompressionName, (bytes: Uint8Array) => Uint8Array>> = {
  gzip: (bytes) => zlib.gzipSync(bytes),
  zlib: (bytes) => zlib.deflateSync(bytes),
  'deflate-raw': (bytes) => zlib.deflateRawSync(bytes),
  brotli: (bytes) =>
    zlib.brotliCompressSync(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 4 } }),
  zstd: (bytes) => zlib.zstdCompressSync(bytes),
}
const names = Object.keys(deflaters) as CompressionName[]
const sample = new TextEncoder().encode('One message after another. '.repeat(400))

function failureOf(name: CompressionName, input: Uint8Array, limit = maxDecodedBytes) {
  try {
    inflate(name, input, limit)
  } catch (error) {
    if (error instanceof DecodeFailure) return error
    throw error
  }
  throw new Error('It was decoded.')
}

describe.each(names)('inflate of %s', (name) => {
  const packed = deflaters[name](sample)

  it('gives back what was compressed, in memory of its own', () => {
    const output = inflate(name, packed, maxDecodedBytes)

    expect(Buffer.from(output).equals(sample)).toBe(true)
    expect(output.buffer.byteLength).toBe(output.length)
    expect(inflate(name, deflaters[name](new Uint8Array()), 10)).toHaveLength(0)
  })

  it('gives exactly as much as its limit, and no more', () => {
    expect(inflate(name, packed, sample.length)).toHaveLength(sample.length)
    expect(failureOf(name, packed, sample.length - 1).message).toBe(
      `The ${title(name)} data expands to more than 10 KiB; decoding stopped there. ` +
        'What the steps before it gave is kept.',
    )
  })

  it('says that data ends too early, and keeps what it gave', () => {
    const failure = failureOf(name, packed.subarray(0, packed.length - 3))

    expect(failure.message).toMatch(/ends too early/)
    expect(failure.offset).toBe(packed.length - 3)
    const kept = Buffer.from(failure.partial ?? [])
    expect(Buffer.from(sample).subarray(0, kept.length).equals(kept)).toBe(true)
  })

  it('looks at the beginning of what is cut off', () => {
    const start = inflateStart(name, packed.subarray(0, packed.length - 3), 64)

    expect(start?.length ?? 0).toBeLessThanOrEqual(64)
    expect(inflateStart(name, packed, maxDecodedBytes)).toHaveLength(sample.length)
  })

  it('never fails but with a message, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.nat({ max: packed.length - 1 }), (random, at) => {
        const damaged = packed.slice()
        damaged[at] = (damaged[at] ?? 0) ^ 0xff
        for (const input of [random, damaged, packed.slice(0, at)])
          try {
            inflate(name, input, 100_000)
          } catch (error) {
            if (!(error instanceof DecodeFailure)) throw error
            expect(error.message).toMatch(/\.$/)
            expect(error.offset ?? 0).toBeLessThanOrEqual(input.length)
          }
      }),
    )
  })
})

function title(name: CompressionName): string {
  return {
    gzip: 'gzip',
    zlib: 'zlib',
    'deflate-raw': 'deflate',
    brotli: 'Brotli',
    zstd: 'Zstandard',
  }[name]
}

describe('inflate', () => {
  it.each(names)('keeps what %s gave when something follows it', (name) => {
    const packed = deflaters[name](sample)
    const failure = failureOf(name, Buffer.concat([packed, Buffer.from('xyz')]))

    expect(failure).toMatchObject({ offset: packed.length })
    expect(failure.message).toMatch(/3 bytes follow/)
    expect(failure.partial).toHaveLength(sample.length)
  })

  it.each(['gzip', 'zstd'] as const)('puts parts of %s together', (name) => {
    const packed = deflaters[name](sample)

    const output = inflate(name, Buffer.concat([packed, packed]), maxDecodedBytes)

    expect(output).toHaveLength(2 * sample.length)
    expect(failureOf(name, Buffer.concat([packed, packed]), sample.length).message).toMatch(
      /expands to more/,
    )
  })

  it.each([
    ['what looks like another member', Buffer.from([0x1f, 0x8b, 7, 0, 0, 0]), /6 bytes follow/],
    ['one byte', Buffer.from('x'), /ends too early|1 byte follows/],
  ])('keeps what gzip gave before %s', (_, rest, message) => {
    const packed = deflaters.gzip(sample)
    const failure = failureOf('gzip', Buffer.concat([packed, packed, rest]))

    expect(failure.message).toMatch(message)
    expect(failure.offset).toBeGreaterThanOrEqual(2 * packed.length)
    expect(failure.partial).toHaveLength(2 * sample.length)
  })

  it('keeps what the frames of Zstandard before a damaged one gave', () => {
    const packed = deflaters.zstd(sample)
    const failure = failureOf('zstd', Buffer.concat([packed, packed.subarray(0, -3)]))

    expect(failure.offset).toBe(2 * packed.length - 3)
    expect(failure.message).toMatch(/ends too early/)
    expect(failure.partial?.length).toBeGreaterThanOrEqual(sample.length)
  })

  it('says what Zstandard data needs that is not there', () => {
    const dictionary = Buffer.from('28b52ffd0758380329624500000001005b04b606022c95344d', 'hex')
    expect(failureOf('zstd', dictionary)).toMatchObject({
      message: 'The Zstandard data needs a dictionary, which is not known here.',
      offset: 0,
    })
    const wide = Uint8Array.from(Buffer.from('28b52ffd04a8010000', 'hex'))
    expect(failureOf('zstd', wide)).toMatchObject({
      message: 'The Zstandard data needs a window of more than 128 MiB.',
      offset: 0,
    })
  })

  it('narrows down where large data is damaged', { timeout: 30_000 }, () => {
    const packed = zlib.gzipSync(Buffer.alloc(200 * 1024 * 1024))
    packed[packed.length - 6] = 1 + (packed[packed.length - 6] ?? 0)
    const failure = failureOf('gzip', packed)

    expect(failure.message).toMatch(/^The gzip data is damaged .*\(incorrect data check\)\.$/)
    expect(failure.offset).toBeGreaterThan(packed.length - 16)
    expect(failure.partial?.length).toBeGreaterThan(199 * 1024 * 1024)
  })

  it('tells data of another kind from damaged data', () => {
    expect(failureOf('gzip', new TextEncoder().encode('no gzip')).message).toMatch(
      /^This is not gzip data/,
    )
    expect(failureOf('zstd', new TextEncoder().encode('no zstd')).message).toMatch(
      /^This is not Zstandard data/,
    )
  })

  it('finds the byte from which gzip cannot be read', () => {
    const noise = Uint8Array.from({ length: 3000 }, (_, index) => (index * index * 7919) >> 5)
    const packed = Uint8Array.from(zlib.gzipSync(noise, { level: 0 }))
    packed[10] = 0x07 // A block type that does not exist.
    const failure = failureOf('gzip', packed)

    expect(failure.message).toBe('The gzip data is damaged (invalid block type).')
    expect(failure.offset).toBe(10)
  })

  it('stops a bomb of 1 GiB at 256 MiB', () => {
    // Each member of gzip holds 64 MiB of zeros in 64 KiB.
    const member = zlib.gzipSync(Buffer.alloc(64 * 1024 * 1024), { level: 9 })
    const bomb = Buffer.concat(Array.from({ length: 16 }, () => member))

    expect(bomb.length).toBeLessThan(2 * 1024 * 1024)
    expect(failureOf('gzip', bomb).message).toMatch(
      /^The gzip data expands to more than 256 MiB; decoding stopped there\./,
    )
  })
})
