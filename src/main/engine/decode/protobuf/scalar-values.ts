import { textAt } from '../byte-reader'
import type { JsonOutput } from '../json-output'
import type { ProtoField, ProtoKind } from './proto-types'
import { readVarint, wireType } from './wire-format'

/** What is decoded, and where the JSON goes. */
export interface Decoded {
  readonly bytes: Buffer
  readonly view: DataView
  readonly output: JsonOutput
}

export type Enums = ReadonlyMap<string, ReadonlyMap<number, string>>

/** How single values of a kind are laid out; messages may also be groups. */
export function wireTypeOf(kind: ProtoKind): number {
  switch (kind) {
    case 'double':
    case 'fixed64':
    case 'sfixed64':
      return wireType.fixed64
    case 'float':
    case 'fixed32':
    case 'sfixed32':
      return wireType.fixed32
    case 'string':
    case 'bytes':
    case 'message':
      return wireType.bytes
    default:
      return wireType.varint
  }
}

/** Writes a value that is no message. Returns where the next one of a packed field begins. */
export function writeScalar(
  { bytes, view, output }: Decoded,
  field: ProtoField,
  enums: Enums,
  start: number,
  end: number,
): number {
  switch (field.kind) {
    case 'double':
      output.float(view.getFloat64(start, true))
      return start + 8
    case 'float':
      output.float32(view.getFloat32(start, true))
      return start + 4
    case 'fixed32':
      output.integer(view.getUint32(start, true))
      return start + 4
    case 'sfixed32':
      output.integer(view.getInt32(start, true))
      return start + 4
    case 'fixed64':
      output.integer(view.getBigUint64(start, true))
      return start + 8
    case 'sfixed64':
      output.integer(view.getBigInt64(start, true))
      return start + 8
    case 'string':
      output.text(textAt(bytes, start, end))
      return end
    case 'bytes':
    case 'message':
      output.bytes(bytes.subarray(start, end))
      return end
    default:
      return writeVarint({ bytes, view, output }, field, enums, start, end)
  }
}

function writeVarint(
  { bytes, output }: Decoded,
  field: ProtoField,
  enums: Enums,
  start: number,
  end: number,
): number {
  const varint = readVarint(bytes, start, end)
  const value = BigInt(varint.value)
  switch (field.kind) {
    case 'bool':
      output.write(value === 0n ? 'false' : 'true')
      break
    case 'int32':
      output.integer(BigInt.asIntN(32, value))
      break
    case 'int64':
      output.integer(BigInt.asIntN(64, value))
      break
    case 'uint32':
      output.integer(BigInt.asUintN(32, value))
      break
    case 'sint32':
    case 'sint64': {
      const narrow = field.kind === 'sint32' ? BigInt.asUintN(32, value) : value
      output.integer((narrow >> 1n) ^ -(narrow & 1n))
      break
    }
    case 'enum': {
      const number = Number(BigInt.asIntN(32, value))
      const name = enums.get(field.typeName)?.get(number)
      if (name === undefined) output.integer(number)
      else output.text(name)
      break
    }
    default:
      output.integer(varint.value)
  }
  return varint.end
}

/** What a field of a map entry holds when it is left out. */
export function writeDefault(output: JsonOutput, field: ProtoField, enums: Enums): void {
  switch (field.kind) {
    case 'message':
      return output.write('{}')
    case 'string':
      return output.text('')
    case 'bytes':
      return output.bytes(new Uint8Array())
    case 'bool':
      return output.write('false')
    case 'double':
    case 'float':
      return output.float(0)
    case 'enum':
      return output.write(JSON.stringify(enums.get(field.typeName)?.get(0) ?? 0))
    default:
      return output.integer(0)
  }
}
