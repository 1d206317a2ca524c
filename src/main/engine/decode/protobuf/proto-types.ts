/** Kinds of values a field can have; groups count as messages. */
export type ProtoKind =
  | 'double'
  | 'float'
  | 'int32'
  | 'int64'
  | 'uint32'
  | 'uint64'
  | 'sint32'
  | 'sint64'
  | 'fixed32'
  | 'fixed64'
  | 'sfixed32'
  | 'sfixed64'
  | 'bool'
  | 'string'
  | 'bytes'
  | 'enum'
  | 'message'

export interface ProtoField {
  /** As it stands in the schema; an extension's is its full name in brackets. */
  readonly name: string
  readonly kind: ProtoKind
  /** Full name of the message or enum; empty for other kinds. */
  readonly typeName: string
  readonly repeated: boolean
}

export interface ProtoMessage {
  /** By field number. */
  readonly fields: Map<number, ProtoField>
  /** Whether it is what a map field repeats: field 1 is a key, field 2 its value. */
  readonly mapEntry: boolean
}

/** The messages and enums of a schema by their full names. Plain data that can cross to a worker. */
export interface ProtoTypes {
  readonly messages: Map<string, ProtoMessage>
  readonly enums: Map<string, Map<number, string>>
}

/** A schema that was read. */
export interface CompiledSchema {
  readonly types: ProtoTypes
  /** Full names of the messages of the file itself, those it imports left out. */
  readonly messages: readonly string[]
}
