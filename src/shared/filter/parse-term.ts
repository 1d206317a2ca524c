import type { FilterNode } from './node'
import { parseField, type WithoutSpan } from './parse-field'
import { parsePath, startsPath } from './parse-path'
import { parseRegex } from './parse-regex'
import type { Scanner } from './scanner'

const minus = /-(?=[^\s()-]|\()/y

/** Goes past a minus sign that negates the term right behind it. */
export function takeMinus(scanner: Scanner): boolean {
  return scanner.takeMatch(minus) !== ''
}

/** Reads a phrase, a regular expression, a JSONPath, a field with its value, or else a word. */
export function parseTerm(scanner: Scanner): WithoutSpan<FilterNode> {
  const start = scanner.at
  if (scanner.character === '"') {
    const text = scanner.takeString('phrase')
    if (text !== '') return { kind: 'text', text }
    throw scanner.problem('The phrase is empty. Write what to search for in it.', start, scanner.at)
  }
  if (scanner.character === '/') {
    const regex = parseRegex(scanner)
    return { kind: 'regex', ...regex, source: scanner.text.slice(start, scanner.at) }
  }
  if (startsPath(scanner)) {
    const path = parsePath(scanner)
    return { kind: 'path', ...path, source: scanner.text.slice(start, scanner.at) }
  }
  return parseField(scanner) ?? { kind: 'text', text: scanner.takeWord() }
}
