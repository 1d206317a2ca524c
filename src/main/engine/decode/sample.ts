import { checkJson, looksLikeJson } from '@shared/model/json-text'
import { toText, upToCharacter } from './byte-reader'
import { owned, type Bytes } from './decode-failure'

/** Bytes looked at of a payload, and of what each step gives. */
export const sampleBytes = 64 * 1024

/** The beginning of some bytes. */
export interface Sample {
  readonly bytes: Bytes
  /** Whether these are all bytes there are. */
  readonly whole: boolean
  /** Bytes that follow; infinite when nobody knows. */
  readonly rest: number
}

/** @param rest Bytes that follow; infinite when nobody knows. */
export function sampleOf(bytes: Uint8Array, rest: number): Sample {
  const kept = bytes.subarray(0, sampleBytes)
  const left = rest + bytes.length - kept.length
  return { bytes: owned(kept), whole: left === 0, rest: left }
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
