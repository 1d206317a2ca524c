import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { maxSchemaBytes, maxSchemas } from '@shared/model/decode'
import { readSchema, schemaImports } from '../engine/decode/protobuf/read-schema'
import { SchemaStore } from './schema-store'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'framescope-schemas-'))
})

afterEach(() => rm(folder, { recursive: true, force: true }))

const utf8 = (text: string) => new TextEncoder().encode(text)
const proto = (text: string) => utf8(`syntax = "proto3"; ${text}`)
const money = proto('package common; message Money { int64 units = 1; }')
const order = proto('import "common/money.proto"; message Order { common.Money price = 1; }')

function open() {
  return SchemaStore.open(
    folder,
    (_, message) => {
      throw new Error(message)
    },
    {
      schemaImports: async (file) => Promise.resolve(schemaImports(file)),
      readSchema: async (files) => Promise.resolve(readSchema(files)),
    },
  )
}

const stored = () => readdir(join(folder, 'schemas')).catch(() => [])

describe('SchemaStore', () => {
  it('keeps what was added for the next run', async () => {
    const store = await open()
    const added = await store.add('money.proto', money)

    expect(added).toMatchObject({ name: 'money.proto', messages: ['common.Money'] })
    const next = await open()
    expect(next.list()).toEqual([added])
    const compiled = await next.compiled(added.schemaId)
    expect(compiled?.types.messages.get('common.Money')?.fields.get(1)?.name).toBe('units')
  })

  it('finds what a file imports among the others, and says what is missing', async () => {
    const store = await open()

    await expect(store.add('order.proto', order)).rejects.toMatchObject({
      code: 'DECODE_FAILED',
      message:
        '“order.proto” imports “common/money.proto”, which is not among the schemas. ' +
        'It must be added first.',
    })
    await store.add('money.proto', money)
    const { schemaId, messages } = await store.add('order.proto', order)
    expect(messages).toEqual(['Order'])
    const compiled = await (await open()).compiled(schemaId)
    expect(compiled?.types.messages.has('common.Money')).toBe(true)
  })

  it('follows imports of imports', async () => {
    const store = await open()
    await store.add('money.proto', money)
    await store.add('order.proto', order)
    const { schemaId } = await store.add(
      'shop.proto',
      proto('import "order.proto"; message Shop { Order order = 1; }'),
    )

    const compiled = await store.compiled(schemaId)
    expect([...(compiled?.types.messages.keys() ?? [])].sort()).toEqual([
      'Order',
      'Shop',
      'common.Money',
    ])
  })

  it('replaces a file of the same name, for those that import it as well', async () => {
    const store = await open()
    const first = await store.add('money.proto', money)
    const { schemaId } = await store.add('order.proto', order)
    await store.compiled(schemaId)
    const other = proto('package common; message Money { string amount = 1; }')

    const second = await store.add('money.proto', other)

    expect(second.schemaId).toBe(first.schemaId)
    const compiled = await store.compiled(schemaId)
    expect(compiled?.types.messages.get('common.Money')?.fields.get(1)?.name).toBe('amount')
    expect(await stored()).toHaveLength(2)
  })

  it('removes what nothing imports', async () => {
    const store = await open()
    const imported = await store.add('money.proto', money)
    const { schemaId } = await store.add('order.proto', order)

    await expect(store.remove(imported.schemaId)).rejects.toMatchObject({
      message: '“order.proto” imports “money.proto” and must be removed before it.',
    })
    await store.remove(schemaId)
    await store.remove(imported.schemaId)
    await expect(store.remove(schemaId)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(store.list()).toEqual([])
    expect(await store.compiled(schemaId)).toBeNull()
    expect(await stored()).toEqual([])
  })

  it('adds nothing that cannot be used', async () => {
    const store = await open()

    await expect(store.add('a.proto', utf8('message {'))).rejects.toThrow(
      '“a.proto” cannot be read',
    )
    await expect(store.add('a.proto', new Uint8Array(maxSchemaBytes + 1))).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    })
    expect(store.list()).toEqual([])
    expect(await stored()).toEqual([])
  })

  it('holds so many and no more', async () => {
    const store = await open()
    const names = Array.from({ length: maxSchemas }, (_, index) => `${index}.proto`)
    await Promise.all(names.map((name) => store.add(name, money)))

    expect(store.list()).toHaveLength(maxSchemas)
    await expect(store.add('more.proto', money)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await store.add('0.proto', money)
  })

  it('says when a file is gone, and clears away what nothing refers to', async () => {
    const store = await open()
    const { schemaId } = await store.add('money.proto', money)
    await rm(join(folder, 'schemas'), { recursive: true })

    await expect(store.compiled(schemaId)).rejects.toThrow('“money.proto” cannot be read')
    await store.add('money.proto', money)
    await writeFile(join(folder, 'schemas', 'left'), 'over')
    await open()
    expect(await stored()).toHaveLength(1)
  })
})
