import * as v from 'valibot'

/** Most steps of a chain. */
export const maxDecodeSteps = 8

/** Longest output of one step, in bytes; a step that gives more is stopped. */
export const maxDecodedBytes = 256 * 1024 * 1024

/** Time a whole chain may take, in milliseconds. */
export const decodeDeadline = 10_000

/** Largest .proto file or descriptor set, in bytes. */
export const maxSchemaBytes = 1024 * 1024

/** Most .proto files and descriptor sets that are kept. */
export const maxSchemas = 50

const plainStepNames = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'base64',
  'hex',
  'gzip',
  'zlib',
  'deflate-raw',
  'brotli',
  'zstd',
  'msgpack',
  'cbor',
  'json',
] as const

/**
 * One decoder of a chain; it takes the bytes the step before gave.
 * - `utf-8`, `utf-16le`, `utf-16be` give text as UTF-8, without a byte order mark.
 * - `base64` (either alphabet), `hex` and the compressions give bytes.
 * - `msgpack`, `cbor` and `protobuf` give JSON; docs/decoders.md says how they write what JSON cannot
 *   hold.
 * - `json` checks JSON and gives it as it is.
 */
export const DecodeStep = v.variant('name', [
  v.strictObject({ name: v.picklist(plainStepNames) }),
  v.strictObject({
    name: v.literal('protobuf'),
    /** `null` reads the wire format alone: field numbers, and guesses at what they hold. */
    schemaId: v.nullable(v.pipe(v.string(), v.maxLength(100))),
    /** Full name of the message, such as `shop.v1.Order`; empty without a schema. */
    message: v.pipe(v.string(), v.maxLength(1000)),
  }),
])
export type DecodeStep = v.InferOutput<typeof DecodeStep>
export type DecodeStepName = DecodeStep['name']

/** Names of all steps, in the order they are offered. */
export const decodeStepNames: readonly DecodeStepName[] = [
  ...plainStepNames.slice(0, -1),
  'protobuf',
  'json',
]

/** Decoders in the order they run. */
export const DecodeChain = v.pipe(v.array(DecodeStep), v.maxLength(maxDecodeSteps))
export type DecodeChain = v.InferOutput<typeof DecodeChain>

/** A payload after a chain; its bytes are read with `decode.read`. */
export const DecodedInfo = v.strictObject({
  decodedId: v.string(),
  /** What the bytes are: UTF-8 text, UTF-8 JSON, or anything. */
  media: v.picklist(['text', 'json', 'bytes']),
  /** Bytes of the result. */
  size: v.number(),
  /**
   * What each step gave, in order, sizes in bytes. A step that failed is the last one here when it
   * gave something before it failed, and is not here when it gave nothing.
   */
  steps: v.array(v.strictObject({ name: v.string(), size: v.number() })),
  /** Why the chain stopped early; the result is then what it had reached. */
  problem: v.nullable(
    v.strictObject({
      /** Index in the chain. */
      step: v.number(),
      /** In words, ready to be shown. */
      message: v.string(),
      /** Where in the input of the step, in bytes; `null` when no place is to blame. */
      offset: v.nullable(v.number()),
    }),
  ),
})
export type DecodedInfo = v.InferOutput<typeof DecodedInfo>

/** A .proto file or descriptor set that was added. */
export const ProtoSchema = v.strictObject({
  schemaId: v.string(),
  /** The name of the file. */
  name: v.string(),
  /** Full names of its messages. */
  messages: v.array(v.string()),
})
export type ProtoSchema = v.InferOutput<typeof ProtoSchema>
