import type { Span } from './node'
import { parseTerm, takeMinus } from './parse-term'
import { Scanner } from './scanner'

/** What a part of a filter is, to be coloured as such. */
export type FilterTokenKind =
  'keyword' | 'field' | 'path' | 'operator' | 'string' | 'regex' | 'value' | 'word'

/** A part of a filter's text. */
export interface FilterToken extends Span {
  readonly kind: FilterTokenKind
}

/** The parts of a filter in order, without white space; also of one that does not parse. */
export function filterTokens(text: string): FilterToken[] {
  const scanner = new Scanner(text)
  const tokens: FilterToken[] = []
  for (scanner.skipSpace(); !scanner.atEnd; scanner.skipSpace()) {
    const start = scanner.at
    const sign = /[()]/.test(scanner.character)
    if (sign) scanner.at += 1
    if (sign || takeMinus(scanner)) tokens.push({ kind: 'keyword', start, end: scanner.at })
    else tokens.push(...termTokens(scanner))
  }
  return tokens
}

function termTokens(scanner: Scanner): FilterToken[] {
  const start = scanner.at
  const kind = kindOf(scanner)
  const end = scanner.at
  const term = scanner.text.slice(start, end)
  if (kind !== 'field' && kind !== 'path') {
    const keyword = kind === 'word' && /^(?:and|or|not)$/i.test(term)
    return [{ kind: keyword ? 'keyword' : kind, start, end }]
  }
  const parts =
    kind === 'field'
      ? /^([a-z]+:|[a-z]+)()\s*([<>]=?|!=|==?)?(\s*)(.*)$/is.exec(term)
      : /^(\$(?:'[^']*'|"[^"]*"|[^\s=!<>~])*)(\s*)([=!<>~]*)(\s*)(.*)$/s.exec(term)
  const [, name = '', , operator = '', , value = ''] = parts ?? []
  const valueStart = end - value.length
  const operatorStart = term.indexOf(operator, name.length) + start
  return [
    { kind, start, end: start + name.length },
    { kind: 'operator' as const, start: operatorStart, end: operatorStart + operator.length },
    { kind: valueKind(value), start: valueStart, end },
  ].filter((token) => token.end > token.start)
}

function valueKind(value: string): FilterTokenKind {
  if (value.startsWith('"')) return 'string'
  return value.startsWith('/') ? 'regex' : 'value'
}

/** Goes past a term and says what it is; by its first character when it is not complete. */
function kindOf(scanner: Scanner): FilterTokenKind {
  const start = scanner.at
  const first = scanner.character
  try {
    const { kind } = parseTerm(scanner)
    if (kind === 'text') return first === '"' ? 'string' : 'word'
    if (kind === 'path' || kind === 'regex') return kind
    return 'field'
  } catch {
    if (scanner.at === start) scanner.takeWord()
    scanner.at = Math.min(scanner.at, scanner.text.length)
    if (first === '"') return 'string'
    if (first === '/') return 'regex'
    return first === '$' ? 'path' : 'field'
  }
}
