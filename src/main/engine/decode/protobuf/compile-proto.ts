import protobuf from 'protobufjs'
import api from 'protobufjs/google/protobuf/api.json'
import descriptor from 'protobufjs/google/protobuf/descriptor.json'
import sourceContext from 'protobufjs/google/protobuf/source_context.json'
import type from 'protobufjs/google/protobuf/type.json'
import { DecodeFailure } from '../decode-failure'
import type { CompiledSchema, ProtoField, ProtoKind, ProtoMessage } from './proto-types'

/** A .proto file as text. */
export interface ProtoSource {
  /** Its name as others import it. */
  readonly name: string
  readonly text: string
}

/** Well-known types that protobufjs does not bring along by itself. */
const moreKnown: Readonly<Record<string, protobuf.INamespace>> = {
  'google/protobuf/api.proto': api,
  'google/protobuf/descriptor.proto': descriptor,
  'google/protobuf/source_context.proto': sourceContext,
  'google/protobuf/type.proto': type,
}

/** The names a .proto file imports. @throws {DecodeFailure} with the line that cannot be read. */
export function importsOf(source: ProtoSource): readonly string[] {
  const { imports, weakImports } = parse(source, new protobuf.Root())
  const all = [...(imports ?? []), ...(weakImports ?? [])]
  return all.filter((name) => !isWellKnown(name))
}

/**
 * Compiles a .proto file. Nothing of it runs as code: its types are only looked at.
 *
 * @param sources The file itself first, then what it imports, and what that imports.
 * @throws {DecodeFailure} with what is wrong, and in which file.
 */
export function compileProto(sources: readonly ProtoSource[]): CompiledSchema {
  const root = new protobuf.Root()
  for (const source of sources) {
    const { imports, weakImports } = parse(source, root)
    for (const name of [...(imports ?? []), ...(weakImports ?? [])])
      if (isWellKnown(name)) addKnown(root, name)
  }
  try {
    root.resolveAll()
  } catch (error) {
    throw new DecodeFailure(`“${sources[0]?.name ?? ''}” cannot be used: ${messageOf(error)}.`)
  }
  return collect(root, sources[0]?.name ?? '')
}

export function isWellKnown(name: string): boolean {
  return Boolean(protobuf.common.get(name)) || Object.hasOwn(moreKnown, name)
}

/** Adds a well-known file; several of them bring the same types. */
function addKnown(root: protobuf.Root, name: string): void {
  const file: protobuf.INamespace | null = moreKnown[name] ?? protobuf.common.get(name)
  const namespace = root.define('google.protobuf')
  for (const [type, definition] of Object.entries(knownTypes(file)))
    if (!namespace.get(type)) namespace.addJSON({ [type]: definition })
  if (name === 'google/protobuf/api.proto') addKnown(root, 'google/protobuf/type.proto')
}

type Definitions = NonNullable<protobuf.INamespace['nested']>

function knownTypes(file: protobuf.INamespace | null): Definitions {
  const google = file?.nested?.google as protobuf.INamespace | undefined
  return asInFile((google?.nested?.protobuf as protobuf.INamespace | undefined)?.nested ?? {})
}

/** Fields with the names of their .proto file, such as `number_value`; protobufjs brings camel case. */
function asInFile(definitions: Definitions): Definitions {
  const rename = (text: string) => text.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  const entries = Object.entries(definitions).map(([name, definition]) => {
    if (!('fields' in definition)) return [name, definition] as const
    const fields = Object.entries(definition.fields).map(([key, field]) => [rename(key), field])
    const oneofs = Object.entries(definition.oneofs ?? {}).map(([key, { oneof }]) => [
      key,
      { oneof: oneof.map(rename) },
    ])
    const renamed = {
      ...definition,
      fields: Object.fromEntries(fields),
      oneofs: Object.fromEntries(oneofs),
      ...(definition.nested ? { nested: asInFile(definition.nested) } : {}),
    }
    return [name, renamed] as const
  })
  return Object.fromEntries(entries) as Definitions
}

function parse(source: ProtoSource, root: protobuf.Root): protobuf.IParserResult {
  try {
    // Not in its types: where messages and errors say they come from.
    Object.assign(protobuf.parse, { filename: source.name })
    return protobuf.parse(source.text, root, { keepCase: true })
  } catch (error) {
    const reason = messageOf(error).replace(`(${source.name}, line `, '(line ')
    throw new DecodeFailure(`“${source.name}” cannot be read: ${reason}.`)
  } finally {
    Object.assign(protobuf.parse, { filename: null })
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Every message and enum of the root as plain data. */
function collect(root: protobuf.Root, own: string): CompiledSchema {
  const messages = new Map<string, ProtoMessage>()
  const enums = new Map<string, Map<number, string>>()
  const names: string[] = []
  const visit = (parent: protobuf.NamespaceBase): void => {
    for (const each of parent.nestedArray) {
      if (each instanceof protobuf.Enum) enums.set(fullName(each), new Map(enumEntries(each)))
      if (each instanceof protobuf.Type) {
        messages.set(fullName(each), { fields: fieldsOf(each, messages), mapEntry: false })
        if (each.filename === own) names.push(fullName(each))
      }
      if (each instanceof protobuf.Namespace) visit(each)
    }
  }
  visit(root)
  return { types: { messages, enums }, messages: names }
}

function enumEntries(each: protobuf.Enum): [number, string][] {
  // Of several names for a number the first counts.
  return Object.entries(each.values)
    .map(([name, number]): [number, string] => [number, name])
    .toReversed()
}

function fieldsOf(
  message: protobuf.Type,
  messages: Map<string, ProtoMessage>,
): Map<number, ProtoField> {
  const fields = message.fieldsArray.map((field): [number, ProtoField] => {
    // Extensions are listed with their full names.
    const name = field.name.startsWith('.') ? `[${field.name.slice(1)}]` : field.name
    if (!(field instanceof protobuf.MapField)) return [field.id, { ...typeOf(field), name }]
    const typeName = `${fullName(message)}.${field.name} entry`
    const key: ProtoField = {
      name: 'key',
      kind: field.keyType as ProtoKind,
      typeName: '',
      repeated: false,
    }
    const value: ProtoField = { ...typeOf(field), name: 'value', repeated: false }
    messages.set(typeName, {
      fields: new Map([
        [1, key],
        [2, value],
      ]),
      mapEntry: true,
    })
    return [field.id, { name, kind: 'message', typeName, repeated: true }]
  })
  return new Map(fields)
}

function typeOf(field: protobuf.FieldBase): Omit<ProtoField, 'name'> {
  const { resolvedType, repeated } = field
  if (resolvedType instanceof protobuf.Enum)
    return { kind: 'enum', typeName: fullName(resolvedType), repeated }
  if (resolvedType) return { kind: 'message', typeName: fullName(resolvedType), repeated }
  return { kind: field.type as ProtoKind, typeName: '', repeated }
}

function fullName(object: protobuf.ReflectionObject): string {
  return object.fullName.replace(/^\./, '')
}
