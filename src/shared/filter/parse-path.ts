import type { Comparison, PathStep, PathTest, PathValue } from './node'
import { parseRegex } from './parse-regex'
import type { Scanner } from './scanner'

const nameStart = /[\p{L}_]|[^\p{ASCII}\s]/u
const name = /(?:[\p{L}\d_-]|[^\p{ASCII}\s])+/uy
const jsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/
const operators: readonly (Comparison | '~')[] = ['==', '!=', '<=', '>=', '<', '>', '~']

/** Most steps of a path. */
const maxSteps = 50

/** Whether a JSONPath begins here, and not a word such as `$100`. */
export function startsPath(scanner: Scanner): boolean {
  return /^\$(?:$|[\s()[.=<>~]|!=)/.test(scanner.text.slice(scanner.at, scanner.at + 3))
}

/** Reads a JSONPath (RFC 9535, without filters and slices) and the comparison behind it. */
export function parsePath(scanner: Scanner): { steps: PathStep[]; test: PathTest | null } {
  const steps = parseSteps(scanner)
  const end = scanner.at
  scanner.skipSpace()
  const test = parseTest(scanner)
  if (test !== undefined) return { steps, test }
  scanner.at = end
  if (!scanner.atBoundary) {
    throw scanner.problem(
      `“${scanner.character}” cannot follow here. Write a name with such characters as ['name'], and put text to search for in quotation marks.`,
      end,
    )
  }
  scanner.takeMatch(/\s+exists(?![^\s()])/iy)
  return { steps, test: null }
}

/** Reads a JSONPath without what may be compared with it. */
export function parseSteps(scanner: Scanner): PathStep[] {
  const start = scanner.at
  scanner.take('$')
  const steps: PathStep[] = []
  for (;;) {
    if (scanner.take('..')) steps.push(stepBehindDots(scanner))
    else if (scanner.take('.')) steps.push({ deep: false, ...named(scanner) })
    else if (scanner.character === '[') steps.push({ deep: false, ...bracketed(scanner) })
    else break
  }
  if (steps.length > maxSteps) {
    throw scanner.problem(`A path has at most ${maxSteps} steps. Use fewer.`, start, scanner.at)
  }
  return steps
}

function stepBehindDots(scanner: Scanner): PathStep {
  return { deep: true, ...(scanner.character === '[' ? bracketed(scanner) : named(scanner)) }
}

type Selector =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'all' }

function named(scanner: Scanner): Selector {
  if (scanner.take('*')) return { kind: 'all' }
  const first = String.fromCodePoint(scanner.text.codePointAt(scanner.at) ?? 0x20)
  if (nameStart.test(first)) return { kind: 'name', name: scanner.takeMatch(name) }
  throw scanner.problem(
    /\d/.test(first)
      ? "A name behind a dot begins with a letter or _. Write [0] for an element of an array and ['0'] for a name in digits."
      : "A name or * is expected behind the dot. Write other names as ['name'].",
    scanner.at,
  )
}

function bracketed(scanner: Scanner): Selector {
  const start = scanner.at
  scanner.take('[')
  scanner.skipSpace()
  const selector = bracketContent(scanner, start)
  scanner.skipSpace()
  if (scanner.take(']')) return selector
  throw scanner.problem('] is expected here.', scanner.at)
}

function bracketContent(scanner: Scanner, start: number): Selector {
  if (scanner.take('*')) return { kind: 'all' }
  if (scanner.character === "'" || scanner.character === '"')
    return { kind: 'name', name: scanner.takeString('name') }
  const index = scanner.takeMatch(/-?\d+/y)
  if (index === '') {
    throw scanner.problem(
      "A name in quotation marks, a whole number or * is expected in the brackets, as in ['name'], [0], [-1] or [*].",
      start,
    )
  }
  if (!/^(?:0|-?[1-9]\d{0,14})$/.test(index)) {
    throw scanner.problem(
      'An index is a whole number without zeros in front; -1 is the last element.',
      scanner.at - index.length,
      scanner.at,
    )
  }
  return { kind: 'index', index: Number(index) }
}

/** Reads the operator and its value. @returns `undefined` when no operator stands here. */
function parseTest(scanner: Scanner): PathTest | undefined {
  const start = scanner.at
  const operator =
    operators.find((candidate) => scanner.take(candidate)) ?? (scanner.take('=') ? '==' : undefined)
  if (operator === undefined) return undefined
  const end = scanner.at
  scanner.skipSpace()
  if (scanner.atBoundary) {
    throw scanner.problem(
      operator === '~'
        ? '~ needs a /regular expression/ or text behind it, as in $.name ~ "part".'
        : `${scanner.text.slice(start, end)} needs a value behind it: a "text", a number, true, false or null.`,
      start,
      end,
    )
  }
  if (/[=<>~!]/.test(scanner.character)) {
    throw scanner.problem(
      `Only ==, !=, <, <=, >, >= and ~ compare a path. Put a value that begins with ${scanner.character} in quotation marks.`,
      start,
    )
  }
  if (operator !== '~') return { kind: 'compare', operator, value: parseValue(scanner) }
  if (scanner.character === '/') return { kind: 'matches', ...parseRegex(scanner) }
  const value = parseValue(scanner)
  return { kind: 'contains', text: value.kind === 'literal' ? String(value.value) : value.text }
}

function parseValue(scanner: Scanner): PathValue {
  if (scanner.character === '"') return { kind: 'text', text: scanner.takeString('text') }
  const word = scanner.takeWord()
  if (jsonNumber.test(word)) return { kind: 'number', text: word }
  if (word === 'true' || word === 'false') return { kind: 'literal', value: word === 'true' }
  return word === 'null' ? { kind: 'literal', value: null } : { kind: 'text', text: word }
}
