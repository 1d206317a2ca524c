import type { ByteReader } from './byte-reader'
import { DecodeFailure, type Bytes } from './decode-failure'
import type { JsonOutput } from './json-output'

/**
 * Reads one value that should take all of the input. What was read before a failure goes with it.
 * @throws {DecodeFailure}
 */
export function readWhole(
  reader: ByteReader,
  output: JsonOutput,
  format: string,
  read: () => void,
): Bytes {
  read()
  const json = output.finish()
  if (reader.atEnd) return json
  const left = reader.end - reader.position
  throw new DecodeFailure(
    `The ${format} value is complete here, but ` +
      `${left === 1 ? '1 byte follows' : `${left} bytes follow`} it.`,
    reader.position,
    json,
  )
}
