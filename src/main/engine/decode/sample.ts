import { checkJson, looksLikeJson } from '@shared/model/json-text'
import { toText } from './byte-reader'
import { owned, type Bytes } from './decode-failure'

/** Bytes looked at of a payload, and of what each step gives. */
export const sampleBytes = 64 * 1024

/** The beginning of some bytes. */
export interface Sample {
  readonly bytes: Bytes
  /** Whether these are all bytes there are. */
  readonly whole: boolean
}

export function sampleOf(bytes: Uint8Array, whole: boolean): Sample {
  const fits = bytes.length <= sampleBytes
  return { bytes: owned(fits ? bytes : bytes.subarray(0, sampleBytes)), whole: whole && fits }
}

/** Control characters that no text has. */
const binary = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/

/** The sample as text that can be read; `null` when it is none. */
export function textOf({ bytes, whole }: Sample): { text: string; json: boolean } | null {
  const text = toText(whole ? bytes : upToCharacter(bytes))
  if (typeof text !== 'string' || binary.test(text)) return null
  const json = whole ? looksLikeJson(text) && checkJson(text) === null : /^\s*[{[]/.test(text)
  return { text, json }
}

/** Without the beginning of a character that was cut off. */
function upToCharacter(bytes: Uint8Array): Uint8Array {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) return bytes
    if (byte >= 0xc0) return bytes.subarray(0, bytes.length - back)
  }
  return bytes
}
