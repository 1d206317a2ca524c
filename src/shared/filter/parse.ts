import type { FilterNode, Span } from './node'
import { parseTerm, takeMinus } from './parse-term'
import { FilterSyntaxError, Scanner, type FilterProblem } from './scanner'

export type { FilterProblem } from './scanner'

/** A filter's tree, `null` for the empty filter that everything matches; or what is wrong. */
export type FilterParse =
  | { readonly ok: true; readonly node: FilterNode | null }
  | { readonly ok: false; readonly problem: FilterProblem }

/** Longest filter in UTF-16 units. */
export const maxFilterLength = 1000

/** How deep parentheses and `not` may be nested. */
export const maxFilterDepth = 50

/**
 * Parses a filter; docs/filter-language.md has the grammar. Never throws: what is wrong comes with
 * the range of the text that it concerns.
 */
export function parseFilter(text: string): FilterParse {
  if (text.length > maxFilterLength) {
    return failed(
      `A filter has at most ${maxFilterLength} characters; this one has ${text.length}. Shorten it.`,
      maxFilterLength,
      text.length,
    )
  }
  try {
    return { ok: true, node: new Parser(text).parse() }
  } catch (error) {
    if (error instanceof FilterSyntaxError) return { ok: false, problem: error.problem }
    throw error
  }
}

function failed(message: string, start: number, end: number): FilterParse {
  return { ok: false, problem: { message, start, end } }
}

const keyword = /(?:and|or|not)(?![^\s()])/iy
/** An operator on its own is no word: the field in front of it is missing or misspelt. */
const loneOperator = /(?:[<>=!]=?|==|~|&&|\|\|)(?!\S)/y

class Parser {
  readonly #scanner: Scanner
  #depth = 0

  constructor(text: string) {
    this.#scanner = new Scanner(text)
  }

  parse(): FilterNode | null {
    const scanner = this.#scanner
    scanner.skipSpace()
    if (scanner.atEnd) return null
    const node = this.#any()
    if (scanner.character === ')') {
      throw scanner.problem(
        'This ) closes nothing. Remove it, or put text to search for in quotation marks.',
        scanner.at,
      )
    }
    return node
  }

  /** Alternatives: `a or b`. */
  #any(): FilterNode {
    const children = [this.#all()]
    while (this.#takeKeyword('or')) children.push(this.#all())
    return joined('or', children)
  }

  /** What must hold together: `a b`, `a and b`. */
  #all(): FilterNode {
    const scanner = this.#scanner
    const children = [this.#unary()]
    while (
      this.#takeKeyword('and') ||
      !(scanner.atEnd || scanner.character === ')' || this.#keyword() === 'or')
    ) {
      children.push(this.#unary())
    }
    return joined('and', children)
  }

  #unary(): FilterNode {
    const scanner = this.#scanner
    const start = scanner.at
    if (!this.#takeKeyword('not') && !takeMinus(scanner)) return this.#primary()
    const child = this.#nested(start, () => this.#unary())
    return { kind: 'not', child, start, end: child.end }
  }

  #primary(): FilterNode {
    const scanner = this.#scanner
    const start = scanner.at
    this.#checkOperand()
    if (scanner.character === '(') return this.#group()
    const term = parseTerm(scanner)
    const node: FilterNode = { ...term, start, end: scanner.at }
    scanner.skipSpace()
    return node
  }

  #group(): FilterNode {
    const scanner = this.#scanner
    const start = scanner.at
    scanner.take('(')
    scanner.skipSpace()
    if (scanner.character === ')') {
      throw scanner.problem(
        'A term is expected between the parentheses. Put parentheses to search for in quotation marks.',
        start,
      )
    }
    const node = this.#nested(start, () => this.#any())
    if (!scanner.take(')'))
      throw scanner.problem('This ( is not closed. Add ) where the group ends.', start, start + 1)
    const end = scanner.at
    scanner.skipSpace()
    return { ...node, start, end }
  }

  #nested(start: number, parse: () => FilterNode): FilterNode {
    this.#depth += 1
    if (this.#depth > maxFilterDepth) {
      throw this.#scanner.problem(
        `Parentheses and not are nested more than ${maxFilterDepth} deep here. Write the filter with fewer of them.`,
        start,
        start + 1,
      )
    }
    const node = parse()
    this.#depth -= 1
    return node
  }

  /** Says what is missing where a term has to begin. */
  #checkOperand(): void {
    const scanner = this.#scanner
    const start = scanner.at
    const before = scanner.text.slice(0, start).trimEnd()
    const last = /(?:^|[\s()])(and|or|not)$/i.exec(before)?.[1]
    if (scanner.atEnd || scanner.character === ')') {
      if (last === undefined) throw scanner.problem('A term is expected here.', start)
      throw scanner.problem(
        `“${last}” needs a term behind it. Put the word itself in quotation marks.`,
        before.length - last.length,
        before.length,
      )
    }
    const word = this.#keyword()
    if (word !== undefined) {
      throw scanner.problem(
        `“${word}” needs a term in front of it. Put the word itself in quotation marks.`,
        start,
        start + word.length,
      )
    }
    const operator = scanner.takeMatch(loneOperator)
    if (operator === '') return
    const joins = { '&&': 'and', '||': 'or' }[operator]
    if (joins !== undefined) {
      throw scanner.problem(
        `“${operator}” is written ${joins}. Put it in quotation marks to search for it.`,
        start,
        scanner.at,
      )
    }
    throw scanner.problem(
      `“${operator}” needs a field or a path in front of it, as in size>1k or $.price > 5. Put it in quotation marks to search for it.`,
      start,
      scanner.at,
    )
  }

  /** The keyword that stands here, in lower case. */
  #keyword(): string | undefined {
    const { at } = this.#scanner
    const word = this.#scanner.takeMatch(keyword).toLowerCase()
    this.#scanner.at = at
    return word === '' ? undefined : word
  }

  #takeKeyword(word: 'and' | 'or' | 'not'): boolean {
    if (this.#keyword() !== word) return false
    this.#scanner.at += word.length
    this.#scanner.skipSpace()
    return true
  }
}

/** One node for what stands side by side; groups of the same kind are taken in. */
function joined(kind: 'and' | 'or', nodes: readonly FilterNode[]): FilterNode {
  const [first] = nodes
  if (first !== undefined && nodes.length === 1) return first
  const span: Span = { start: nodes[0]?.start ?? 0, end: nodes.at(-1)?.end ?? 0 }
  const children = nodes.flatMap((node) => (node.kind === kind ? node.children : [node]))
  return { kind, children, ...span }
}
