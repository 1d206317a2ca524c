import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import * as v from 'valibot'
import { AppError } from '@shared/errors'
import { maxSchemaBytes, maxSchemas, type ProtoSchema } from '@shared/model/decode'
import { createTurns } from '@shared/turns'
import type { DocumentFormat } from './document-format'
import { JsonDocument, type Notify } from './json-document'
import { migrations } from './migrations/migrations'
import { ContentFiles } from './content-files'
import { causeInWords } from '../files/file-failure'

const StoredSchema = v.strictObject({
  schemaId: v.string(),
  name: v.string(),
  messages: v.array(v.string()),
  /** The schemas it imports, under the names it imports them by. */
  imports: v.array(v.strictObject({ name: v.string(), schemaId: v.string() })),
  /** The name of the file with its content. */
  file: v.pipe(v.string(), v.uuid()),
})
type StoredSchema = v.InferOutput<typeof StoredSchema>
type Schemas = readonly StoredSchema[]

export const schemasFormat: DocumentFormat<Schemas> = {
  name: 'schemas',
  schema: v.array(StoredSchema),
  migrations: migrations.schemas,
  initial: () => [],
}

interface File {
  readonly name: string
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** What understands schemas. */
export interface SchemaReader<Compiled> {
  /** The names a file imports, those left out that need no file. */
  schemaImports(file: File): Promise<readonly string[]>
  /** Reads a file; what it imports stands behind it. */
  readSchema(files: readonly File[]): Promise<Compiled>
}

/** The .proto files and descriptor sets that were added, in the order of their names. */
export class SchemaStore<Compiled extends { readonly messages: readonly string[] }> {
  readonly #document: JsonDocument<Schemas>
  readonly #files: ContentFiles
  readonly #reader: SchemaReader<Compiled>
  readonly #compiled = new Map<string, Promise<Compiled>>()
  /** Changes wait for one another, because they depend on what is there. */
  readonly #inTurn = createTurns()

  private constructor(
    document: JsonDocument<Schemas>,
    files: ContentFiles,
    reader: SchemaReader<Compiled>,
  ) {
    this.#document = document
    this.#files = files
    this.#reader = reader
  }

  /** @throws {AppError} STORAGE_UNWRITABLE when the folder cannot be made. */
  static async open<Compiled extends { readonly messages: readonly string[] }>(
    folder: string,
    notify: Notify,
    reader: SchemaReader<Compiled>,
  ): Promise<SchemaStore<Compiled>> {
    const document = await JsonDocument.open(folder, schemasFormat, notify)
    const files = new ContentFiles(join(folder, 'schemas'))
    // A document that was set aside may come back, and with it what it refers to.
    if (document.intact) await files.removeExcept(new Set(document.data.map(({ file }) => file)))
    return new SchemaStore(document, files, reader)
  }

  list(): ProtoSchema[] {
    return this.#document.data.map(({ schemaId, name, messages }) => ({ schemaId, name, messages }))
  }

  /**
   * Adds a file, or replaces the one of the same name. What it imports must be there already.
   * @throws {AppError} DECODE_FAILED (what is wrong with it, or which import is missing),
   * INVALID_INPUT (too large, too many), STORAGE_UNWRITABLE, STORAGE_NEWER.
   */
  add(name: string, bytes: Uint8Array): Promise<ProtoSchema> {
    return this.#inTurn(() => this.#add({ name, bytes: new Uint8Array(bytes) }))
  }

  /** @throws {AppError} NOT_FOUND, INVALID_INPUT when another schema imports it. */
  remove(schemaId: string): Promise<void> {
    return this.#inTurn(async () => {
      const { name, file } = this.#require(schemaId)
      const user = this.#document.data.find(
        (each) => each.schemaId !== schemaId && importsFrom(each, schemaId),
      )
      if (user)
        throw new AppError(
          'INVALID_INPUT',
          `“${user.name}” imports “${name}” and must be removed before it.`,
        )
      await this.#document.update((all) => all.filter((each) => each.schemaId !== schemaId))
      this.#compiled.delete(schemaId)
      await this.#files.remove(file)
    })
  }

  /**
   * A schema as the reader understands it; `null` when there is no such schema (any more).
   * @throws {AppError} DECODE_FAILED when its file cannot be read any more, or what it imports was
   * replaced by something that does not fit.
   */
  async compiled(schemaId: string): Promise<Compiled | null> {
    const schema = this.#document.data.find((each) => each.schemaId === schemaId)
    if (!schema) return null
    const known = this.#compiled.get(schemaId)
    if (known) return known
    const compiling = this.#compile(schema)
    this.#compiled.set(schemaId, compiling)
    compiling.catch(() => this.#compiled.delete(schemaId))
    return compiling
  }

  flush(): Promise<void> {
    return this.#document.flush()
  }

  async #add(file: File): Promise<ProtoSchema> {
    const { name, bytes } = file
    if (bytes.length > maxSchemaBytes)
      throw new AppError('INVALID_INPUT', `“${name}” is larger than 1 MiB, which no schema may be.`)
    const old = this.#document.data.find((each) => each.name === name)
    if (!old && this.#document.data.length >= maxSchemas)
      throw new AppError(
        'INVALID_INPUT',
        `There are ${maxSchemas} schemas already. One of them must be removed first.`,
      )
    const imports = await this.#imports(file)
    const { messages } = await this.#reader.readSchema([file, ...(await this.#filesOf(imports))])
    const stored = await this.#files.write(bytes)
    const schemaId = old?.schemaId ?? randomUUID()
    const schema = { schemaId, name, messages: [...messages], imports, file: stored }
    try {
      await this.#document.update((all) =>
        [...all.filter((each) => each !== old), schema].toSorted((a, b) => byName(a, b)),
      )
    } catch (error) {
      await this.#files.remove(stored)
      throw error
    }
    // Others may import what was replaced.
    this.#compiled.clear()
    if (old) await this.#files.remove(old.file)
    return { schemaId, name, messages: schema.messages }
  }

  async #imports(file: File): Promise<StoredSchema['imports']> {
    const names = await this.#reader.schemaImports(file)
    return names.map((name) => {
      const found = this.#document.data
        .filter((each) => each.name !== file.name)
        .find((each) => name === each.name || name.endsWith(`/${each.name}`))
      if (found) return { name, schemaId: found.schemaId }
      throw new AppError(
        'DECODE_FAILED',
        `“${file.name}” imports “${name}”, which is not among the schemas. It must be added first.`,
        { details: { missing: name } },
      )
    })
  }

  async #compile(schema: StoredSchema): Promise<Compiled> {
    const file = await this.#read(schema, schema.name)
    return this.#reader.readSchema([file, ...(await this.#filesOf(schema.imports))])
  }

  /** What is imported, and what that imports, each once. */
  async #filesOf(imports: StoredSchema['imports']): Promise<File[]> {
    const found = new Map<string, Promise<File>>()
    const visit = (each: StoredSchema['imports'][number]): void => {
      if (found.has(each.schemaId)) return
      const schema = this.#require(each.schemaId)
      found.set(each.schemaId, this.#read(schema, each.name))
      schema.imports.forEach(visit)
    }
    imports.forEach(visit)
    return Promise.all(found.values())
  }

  async #read(schema: StoredSchema, name: string): Promise<File> {
    try {
      return { name, bytes: await this.#files.read(schema.file) }
    } catch (cause) {
      throw new AppError(
        'DECODE_FAILED',
        `“${schema.name}” cannot be read: ${causeInWords(cause)}. It must be added again.`,
        { cause },
      )
    }
  }

  #require(schemaId: string): StoredSchema {
    const schema = this.#document.data.find((each) => each.schemaId === schemaId)
    if (schema) return schema
    throw new AppError('NOT_FOUND', 'That schema does not exist any more.')
  }
}

function importsFrom(schema: StoredSchema, schemaId: string): boolean {
  return schema.imports.some((each) => each.schemaId === schemaId)
}

function byName(a: StoredSchema, b: StoredSchema): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0
}
