import { gzipSync } from 'node:zlib'
import { encode } from '@msgpack/msgpack'
import { afterEach, describe, expect, it } from 'vitest'
import { maxDecodeSteps, type DecodeChain } from '@shared/model/decode'
import { Decoding } from './decoding'
import { maxResultsPerClient } from './kept-results'
import { compileProto } from './protobuf/compile-proto'

let decoding: Decoding | null = null

function open(options: Partial<ConstructorParameters<typeof Decoding>[0]> = {}): Decoding {
  decoding = new Decoding({ typesOf: () => Promise.resolve(null), ...options })
  return decoding
}

afterEach(() => decoding?.dispose())

const utf8 = (text: string) => new TextEncoder().encode(text)
const base64 = (bytes: Uint8Array) => utf8(Buffer.from(bytes).toString('base64'))

type PlainName = Exclude<DecodeChain[number]['name'], 'protobuf'>

function chainOf(...names: PlainName[]): DecodeChain {
  return names.map((name) => ({ name }))
}

/** JSON with many more tokens than can be checked, eight times over, within a second. */
const large = () => utf8(`[${'1,'.repeat(8_000_000)}1]`)
const slowChain = chainOf(...Array.from({ length: maxDecodeSteps }, () => 'json' as const))

describe('Decoding', () => {
  it('decodes a chain and hands out the result by slices', async () => {
    const decoding = open()
    const payload = base64(gzipSync(encode({ id: 7, name: 'Ada' })))
    const size = payload.length

    const info = await decoding.open('a', payload, chainOf('base64', 'gzip', 'msgpack', 'json'))

    expect(size).toBeGreaterThan(0)
    expect(info).toMatchObject({ media: 'json', size: 21, problem: null })
    expect(info.steps.map((step) => step.name)).toEqual(['base64', 'gzip', 'msgpack', 'json'])
    expect(info.steps.at(-1)?.size).toBe(21)
    const text = Buffer.from(decoding.read('a', info.decodedId, 0, 100)).toString()
    expect(text).toBe('{"id":7,"name":"Ada"}')
    expect(Buffer.from(decoding.read('a', info.decodedId, 6, 2)).toString()).toBe('7,')
    expect(decoding.read('a', info.decodedId, 21, 10)).toHaveLength(0)
  })

  it('takes a payload piece by piece', async () => {
    const decoding = open()
    const pieces = async function* () {
      yield utf8('aGVs')
      await Promise.resolve()
      yield utf8('bG8=')
    }

    const info = await decoding.open('a', pieces(), chainOf('base64', 'utf-8'))

    expect(info).toMatchObject({ media: 'text', size: 5 })
    expect(Buffer.from(decoding.read('a', info.decodedId, 0, 5)).toString()).toBe('hello')
  })

  it('stops where a step fails and keeps what there was before it', async () => {
    const decoding = open()

    const info = await decoding.open(
      'a',
      base64(utf8('no gzip')),
      chainOf('base64', 'gzip', 'json'),
    )

    expect(info).toMatchObject({
      media: 'bytes',
      size: 7,
      steps: [{ name: 'base64', size: 7 }],
      problem: { step: 1, message: 'This is not gzip data (incorrect header check).', offset: 0 },
    })
    expect(Buffer.from(decoding.read('a', info.decodedId, 0, 7)).toString()).toBe('no gzip')
  })

  it('gives the payload itself when the first step fails, or there is none', async () => {
    const decoding = open()

    for (const chain of [chainOf('gzip'), []]) {
      const info = await decoding.open('a', utf8('text'), chain)
      expect(info).toMatchObject({ media: 'bytes', size: 4, steps: [] })
      expect(Buffer.from(decoding.read('a', info.decodedId, 0, 4)).toString()).toBe('text')
    }
  })

  it('keeps what a step gave before it failed', async () => {
    const decoding = open()
    const packed = gzipSync('words '.repeat(1000))

    const info = await decoding.open('a', packed.subarray(0, -4), chainOf('gzip', 'utf-8'))

    expect(info.steps).toEqual([{ name: 'gzip', size: 6000 }])
    expect(info.problem).toMatchObject({ step: 0, offset: packed.length - 4 })
  })

  it('decodes Protobuf with the types of a schema', async () => {
    const { types } = compileProto([
      { name: 'a.proto', text: 'syntax = "proto3"; message A { string id = 1; }' },
    ])
    const decoding = open({ typesOf: (id) => Promise.resolve(id === 's' ? types : null) })
    const chain = (schemaId: string | null): DecodeChain => [
      { name: 'protobuf', schemaId, message: 'A' },
    ]
    const payload = () => Uint8Array.of(0x0a, 1, 0x61)
    const textOf = async (schemaId: string | null) => {
      const { decodedId } = await decoding.open('a', payload(), chain(schemaId))
      return Buffer.from(decoding.read('a', decodedId, 0, 100)).toString()
    }

    expect(await textOf('s')).toBe('{"id":"a"}')
    expect(await textOf(null)).toBe('{"1":"a"}')
    const gone = await decoding.open('a', payload(), chain('gone'))
    expect(gone.problem?.message).toMatch(/schema was removed/)
  })

  it('stops what takes too long, and decodes other payloads meanwhile and afterwards', async () => {
    const decoding = open({ deadline: 1000 })
    const stuck = decoding.open('a', large(), slowChain).catch((error: unknown) => error)
    let done = false
    void stuck.then(() => (done = true))

    expect(await decoding.open('b', utf8('[1]'), chainOf('json'))).toMatchObject({ problem: null })
    expect(done).toBe(false)
    expect(await stuck).toMatchObject({
      code: 'DECODE_FAILED',
      message: 'Decoding the payload took longer than 1 second and was stopped.',
    })
    expect(await decoding.open('a', utf8('[1]'), chainOf('json'))).toMatchObject({ problem: null })
  })

  it('passes on what the payload throws, and mixes up nothing after it', async () => {
    const decoding = open()
    const pieces = function* () {
      yield utf8('lost')
      throw new Error('The row was evicted.')
    }

    await expect(decoding.open('a', pieces(), [])).rejects.toThrow('The row was evicted.')
    expect(await decoding.open('a', utf8('next'), [])).toMatchObject({ size: 4 })
  })

  it('shows results only to whom they belong, until they are closed', async () => {
    const decoding = open()
    const { decodedId } = await decoding.open('a', utf8('text'), [])

    expect(() => decoding.read('b', decodedId, 0, 4)).toThrow('not kept any more')
    decoding.close('b', decodedId)
    expect(decoding.read('a', decodedId, 0, 4)).toHaveLength(4)
    decoding.close('a', decodedId)
    expect(() => decoding.read('a', decodedId, 0, 4)).toThrow('not kept any more')
  })

  it('keeps the newest results of a client', async () => {
    const decoding = open()
    const ids: string[] = []
    for (let index = 0; index <= maxResultsPerClient; index += 1)
      ids.push((await decoding.open('a', utf8('text'), [])).decodedId)

    expect(() => decoding.read('a', ids[0] ?? '', 0, 4)).toThrow('not kept any more')
    expect(decoding.read('a', ids[1] ?? '', 0, 4)).toHaveLength(4)
  })

  it('lets go of everything of a client that is gone', async () => {
    const decoding = open()
    const { decodedId } = await decoding.open('a', utf8('text'), [])
    const late = decoding.open('a', utf8('text'), [])

    decoding.releaseOwnedBy('a')

    expect(() => decoding.read('a', decodedId, 0, 4)).toThrow('not kept any more')
    await expect(late).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('suggests chains', async () => {
    const payload = base64(gzipSync('[1, 2]'))
    expect(await open().suggest(payload, payload.byteLength)).toEqual([
      chainOf('base64', 'gzip', 'json'),
    ])
  })

  it('reads schemas and says what they import', async () => {
    const decoding = open()
    const file = {
      name: 'a.proto',
      bytes: utf8('syntax = "proto3"; import "b.proto"; message A { B b = 1; }'),
    }
    const imported = { name: 'b.proto', bytes: utf8('message B {}') }

    expect(await decoding.schemaImports(file)).toEqual(['b.proto'])
    expect((await decoding.readSchema([file, imported])).messages).toEqual(['A'])
    await expect(decoding.readSchema([file])).rejects.toMatchObject({ code: 'DECODE_FAILED' })
  })

  it('refuses everything after it was disposed', async () => {
    const decoding = open()
    const running = decoding.open('a', large(), slowChain)
    const refused = expect(running).rejects.toMatchObject({ code: 'BACKEND_GONE' })

    await decoding.dispose()

    await refused
    await expect(decoding.open('a', utf8('x'), [])).rejects.toMatchObject({ code: 'BACKEND_GONE' })
  })
})
