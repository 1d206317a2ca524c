import { ExactNumber, mayHoldLongNumber, parseExactly } from '../filter/json-number'
import { selectPath } from '../filter/json-path'
import type { PathStep } from '../filter/node'

// A byte order mark is part of what the peer sent.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** A message that templates are filled from; read and parsed when it is asked for, and once. */
export class TemplateMessage {
  readonly #bytes: Uint8Array
  #text: string | undefined
  #json: { readonly value: unknown } | undefined

  /** @param bytes the payload, which must not change afterwards. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** The payload as UTF-8, with U+FFFD for what is not. */
  get text(): string {
    this.#text ??= decoder.decode(this.#bytes)
    return this.#text
  }

  /**
   * The first value that a path selects: a text as it is, anything else as JSON, its numbers as they
   * are written. @returns `undefined` when there is none, or the message is not JSON.
   */
  select(steps: readonly PathStep[]): string | undefined {
    this.#json ??= { value: parse(this.text) }
    const [value] = selectPath(this.#json.value, steps)
    if (value === undefined || typeof value === 'string') return value
    return value instanceof ExactNumber ? value.source : JSON.stringify(value, withExactNumbers)
  }
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return mayHoldLongNumber(text) ? parseExactly(text) : value
  } catch {
    return undefined
  }
}

/** Of ECMAScript 2025 and not yet in the compiler's library. */
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown }

function withExactNumbers(_key: string, value: unknown): unknown {
  return value instanceof ExactNumber ? rawJSON(value.source) : value
}
