import {
  maxDecodedBytes,
  type DecodeChain,
  type DecodedInfo,
  type DecodeStep,
} from '@shared/model/decode'
import { decodeCbor } from './decode-cbor'
import { DecodeFailure, type Bytes } from './decode-failure'
import { decodeMsgpack } from './decode-msgpack'
import { decodeBase64, decodeHex, decodeJson, decodeUtf16, decodeUtf8 } from './decode-text'
import { inflate } from './inflate'
import { decodeProtobuf } from './protobuf/decode-protobuf'
import type { ProtoTypes } from './protobuf/proto-types'

/** Where a chain has got to. */
export interface Decoded {
  readonly bytes: Bytes
  readonly info: Omit<DecodedInfo, 'decodedId'>
}

/** The types of a schema by its id; `null` when the schema is gone. */
export type TypesOf = (schemaId: string) => ProtoTypes | null

/** Runs one step. @throws {DecodeFailure} when the input is not what the step decodes. */
export function runStep(
  step: DecodeStep,
  input: Bytes,
  typesOf: TypesOf,
  limit = maxDecodedBytes,
): Bytes {
  switch (step.name) {
    case 'utf-8':
      return decodeUtf8(input)
    case 'utf-16le':
      return decodeUtf16(input, 'LE', limit)
    case 'utf-16be':
      return decodeUtf16(input, 'BE', limit)
    case 'base64':
      return decodeBase64(input)
    case 'hex':
      return decodeHex(input)
    case 'msgpack':
      return decodeMsgpack(input, limit)
    case 'cbor':
      return decodeCbor(input, limit)
    case 'protobuf':
      return decodeProtobuf(input, typesFor(step.schemaId, typesOf), step.message, limit)
    case 'json':
      return decodeJson(input)
    default:
      return inflate(step.name, input, limit)
  }
}

function typesFor(schemaId: string | null, typesOf: TypesOf): ProtoTypes | null {
  if (schemaId === null) return null
  const types = typesOf(schemaId)
  if (types) return types
  throw new DecodeFailure('The schema was removed. It must be added again, or another chosen.')
}

/**
 * Runs a chain as far as it goes. Never throws for what a payload holds.
 * @param limit Most bytes that one step may give.
 */
export function runChain(
  payload: Bytes,
  chain: DecodeChain,
  typesOf: TypesOf,
  limit = maxDecodedBytes,
): Decoded {
  const steps: DecodedInfo['steps'] = []
  let bytes = payload
  let media: DecodedInfo['media'] = 'bytes'
  let problem: DecodedInfo['problem'] = null
  const reach = (step: DecodeStep, output: Bytes) => {
    steps.push({ name: step.name, size: output.length })
    bytes = output
    media = mediaOf(step)
  }
  for (const [index, step] of chain.entries()) {
    try {
      reach(step, runStep(step, bytes, typesOf, limit))
    } catch (error) {
      const { message, offset, partial } = failureOf(error)
      problem = { step: index, message, offset }
      if (partial) reach(step, partial)
      break
    }
  }
  return { bytes, info: { media, size: bytes.length, steps, problem } }
}

/** What a step throws that no decoder knows of is a limit of the machine, such as its memory. */
function failureOf(error: unknown): DecodeFailure {
  if (error instanceof DecodeFailure) return error
  if (error instanceof RangeError) return new DecodeFailure('There is not enough memory for this.')
  throw error
}

function mediaOf(step: DecodeStep): DecodedInfo['media'] {
  switch (step.name) {
    case 'utf-8':
    case 'utf-16le':
    case 'utf-16be':
      return 'text'
    case 'msgpack':
    case 'cbor':
    case 'protobuf':
    case 'json':
      return 'json'
    default:
      return 'bytes'
  }
}
