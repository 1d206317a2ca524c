import { toText } from '../byte-reader'
import { DecodeFailure } from '../decode-failure'
import type { SchemaFile } from '../decode-messages'
import { compileProto, importsOf, type ProtoSource } from './compile-proto'
import type { CompiledSchema } from './proto-types'
import { readDescriptorSet } from './read-descriptor-set'

/**
 * The names a file imports, without the well-known types; none for a descriptor set.
 * @throws {DecodeFailure}
 */
export function schemaImports(file: SchemaFile): readonly string[] {
  const source = sourceOf(file)
  return source ? importsOf(source) : []
}

/**
 * Reads a .proto file or a descriptor set.
 * @param files The file itself first, then what it imports.
 * @throws {DecodeFailure} with what is wrong, and in which file.
 */
export function readSchema(files: readonly SchemaFile[]): CompiledSchema {
  const [file, ...others] = files
  if (!file) throw new DecodeFailure('There is no file.')
  const source = sourceOf(file)
  const imported = others.flatMap((other) => sourceOf(other) ?? [])
  const schema = source ? compileProto([source, ...imported]) : descriptorSet(file)
  if (source || schema.messages.length > 0) return schema
  throw notASchema(file)
}

function descriptorSet(file: SchemaFile): CompiledSchema {
  try {
    return readDescriptorSet(file.bytes)
  } catch (error) {
    if (error instanceof DecodeFailure) throw notASchema(file)
    throw error
  }
}

/** `null` for a descriptor set: it has bytes that no text has, such as the tag of its first file. */
function sourceOf({ name, bytes }: SchemaFile): ProtoSource | null {
  const text = toText(bytes)
  if (typeof text === 'string' && !/[\0-\x08]/.test(text)) return { name, text }
  if (!name.endsWith('.proto')) return null
  throw new DecodeFailure(`“${name}” is not text in UTF-8, as .proto files are.`)
}

function notASchema({ name }: SchemaFile): DecodeFailure {
  return new DecodeFailure(
    `“${name}” is neither a .proto file nor a descriptor set, which protoc --descriptor_set_out ` +
      'writes.',
  )
}
