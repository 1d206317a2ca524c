import type { DecodeChain, DecodedInfo } from '@shared/model/decode'
import type { Bytes } from './decode-failure'
import type { CompiledSchema, ProtoTypes } from './protobuf/proto-types'

/** A file of a schema: a .proto file, or a descriptor set. */
export interface SchemaFile {
  /** Its name as others import it. */
  readonly name: string
  readonly bytes: Bytes
}

/** What the worker is asked. Each request but `piece` has one reply. */
export type DecodeRequest =
  /** A part of the payload that the next `run` or `suggest` is about. */
  | { readonly kind: 'piece'; readonly bytes: Bytes }
  | {
      readonly kind: 'run'
      readonly chain: DecodeChain
      /** Of the schemas that the chain names, by their ids. */
      readonly types: ReadonlyMap<string, ProtoTypes>
    }
  | { readonly kind: 'suggest'; /** Bytes of all of it. */ readonly size: number }
  /** The file itself first, then what it imports. */
  | { readonly kind: 'compile'; readonly files: readonly SchemaFile[] }
  | { readonly kind: 'imports'; readonly file: SchemaFile }

export type DecodeReply =
  | {
      readonly kind: 'decoded'
      readonly bytes: Bytes
      readonly info: Omit<DecodedInfo, 'decodedId'>
    }
  | { readonly kind: 'suggested'; readonly chains: DecodeChain[] }
  | { readonly kind: 'compiled'; readonly schema: CompiledSchema }
  | { readonly kind: 'imported'; readonly names: readonly string[] }
  /** What was asked for cannot be; the message is ready to be shown. */
  | { readonly kind: 'refused'; readonly message: string }
