import { isUtf8 } from 'node:buffer'
import { findBytes } from '@shared/filter/byte-search'
import { compileFilter, type FilterRow } from '@shared/filter/compile'
import { expensiveTerms, type FilterNode } from '@shared/filter/node'
import { parseFilter } from '@shared/filter/parse'
import type { DataOpcode } from '@shared/model/connection'
import type { MessageMatch } from '@shared/model/server-route'

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** A message under test; one object serves all of them, one after the other. */
export class TestedMessage {
  #payload: Uint8Array = new Uint8Array()
  #isText: boolean | undefined
  #text: string | undefined

  load(opcode: DataOpcode, payload: Uint8Array): void {
    this.#payload = payload
    this.#isText = opcode === 'text' ? true : undefined
    this.#text = undefined
  }

  get payload(): Uint8Array {
    return this.#payload
  }

  /** Whether it is UTF-8, of whatever type. */
  get isText(): boolean {
    return (this.#isText ??= isUtf8(this.#payload))
  }

  get text(): string {
    return (this.#text ??= decoder.decode(this.#payload))
  }
}

export type MessageTest = (message: TestedMessage) => boolean

/**
 * Compiles what a rule asks of a message; what is not UTF-8 meets `any` alone.
 * @throws {Error} when an expression does not parse; `checkPlan` finds that out before.
 */
export function compileMatch(match: MessageMatch): MessageTest {
  switch (match.kind) {
    case 'any':
      return () => true
    case 'text':
      return textTest(match.text, match.whole)
    case 'regex': {
      const regex = new RegExp(match.source, match.flags)
      return (message) => {
        if (!message.isText) return false
        // With the flags g and y an expression goes on where it was.
        regex.lastIndex = 0
        return regex.test(message.text)
      }
    }
    case 'jsonpath':
      return pathTest(nodeOf(match.expression))
  }
}

/** Whether testing runs a regular expression of the user, which may take for ever. */
export function mayHang(match: MessageMatch): boolean {
  if (match.kind !== 'jsonpath') return match.kind === 'regex'
  return expensiveTerms(nodeOf(match.expression)).some(
    (term) => term.kind === 'regex' || term.test?.kind === 'matches',
  )
}

function textTest(text: string, whole: boolean): MessageTest {
  // Half a surrogate pair is in no UTF-8.
  if (!isWellFormed(text)) return () => false
  const bytes = new TextEncoder().encode(text)
  if (whole) return (message) => message.isText && Buffer.compare(message.payload, bytes) === 0
  if (bytes.length === 0) return (message) => message.isText
  const isIn = findBytes(bytes)
  return (message) => isIn(message.payload) && message.isText
}

function pathTest(node: FilterNode): MessageTest {
  const row: { -readonly [Name in keyof FilterRow]: FilterRow[Name] } = {
    id: 0,
    session: 0,
    time: 0,
    direction: 'in',
    kind: 'text',
    size: 0,
    wireSize: 0,
    fragments: 1,
    compressed: false,
    masked: true,
    broken: false,
    closeCode: null,
    payload: new Uint8Array(),
  }
  const today = { year: 1970, month: 1, day: 1 }
  const filter = compileFilter(node, { now: () => 0, dayOf: () => today })
  return (message) => {
    if (!message.isText) return false
    row.payload = message.payload
    return filter.test(row)
  }
}

function nodeOf(expression: string): FilterNode {
  const parsed = parseFilter(expression)
  if (!parsed.ok) throw new Error(parsed.problem.message)
  if (parsed.node === null) throw new Error('The expression is empty.')
  return parsed.node
}

function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text)
}
