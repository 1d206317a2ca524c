import { createScanner } from 'jsonc-parser'
import { lineAndColumn, type TextPosition } from './text-position'

/** Why a text is not JSON, and where. */
export interface JsonError extends TextPosition {
  /** In words, ready to be shown. */
  readonly message: string
}

/**
 * Checks strict JSON (RFC 8259): comments, trailing commas and an empty text are errors. Nesting may
 * be of any depth.
 * @returns `null` when the text is JSON, else its first error.
 */
export function checkJson(text: string): JsonError | null {
  const error = walk(text, () => {})
  return error && { message: error.message, ...lineAndColumn(text, error.offset) }
}

/**
 * Lays JSON out with two spaces. Every token stays exactly as it was written: numbers of any size, the
 * order of keys, keys that occur twice, escapes.
 * @returns the text itself when it is not JSON.
 */
export function formatJson(text: string): string {
  const pieces: string[] = []
  let depth = 0
  let previous: Token = 'end'
  const error = walk(text, (token, written) => {
    const closes = token === '}' || token === ']'
    const opened = previous === '{' || previous === '['
    if (closes) depth -= 1
    // An empty object or array stays on one line.
    if (opened ? !closes : closes || previous === ',') pieces.push(newLine(depth))
    if (previous === ':') pieces.push(' ')
    pieces.push(written)
    if (token === '{' || token === '[') depth += 1
    previous = token
  })
  return error ? text : pieces.join('')
}

/** Whether a text begins and ends as a JSON object or array does. Looks at no more than that. */
export function looksLikeJson(text: string): boolean {
  const first = /^[ \t\r\n]*([{[])/.exec(text)?.[1]
  let end = text.length - 1
  while (end > 0 && isJsonSpace(text.charCodeAt(end))) end -= 1
  const last = text.charAt(end)
  return (first === '{' && last === '}') || (first === '[' && last === ']')
}

function isJsonSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d
}

/** Beyond this depth lines move no further to the right, so that the text cannot grow quadratically. */
const deepestIndent = 200

function newLine(depth: number): string {
  return `\n${'  '.repeat(Math.min(depth, deepestIndent))}`
}

type Bracket = '{' | '['
type Token = Bracket | '}' | ']' | ',' | ':' | 'string' | 'scalar' | 'end'

interface Mistake {
  readonly message: string
  readonly offset: number
}

/** What may come next. */
type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | 'comma' | 'end'

/** The scanner's kinds by their numbers; its own names exist only as types. */
const tokens: Readonly<Record<number, Token>> = {
  1: '{',
  2: '}',
  3: '[',
  4: ']',
  5: ',',
  6: ':',
  7: 'scalar',
  8: 'scalar',
  9: 'scalar',
  10: 'string',
  11: 'scalar',
  17: 'end',
}
const lineBreak = 14
const whiteSpace = 15
const comments: readonly number[] = [12, 13]

/** Visits the tokens of strict JSON without recursion. Returns the first mistake. */
function walk(text: string, visit: (token: Token, written: string) => void): Mistake | null {
  const scanner = createScanner(text, false)
  const brackets: Bracket[] = []
  let expected: Expected = 'value'
  let comma = 0
  for (;;) {
    const kind: number = scanner.scan()
    if (kind === lineBreak || kind === whiteSpace) continue
    const offset = scanner.getTokenOffset()
    const written = text.slice(offset, offset + scanner.getTokenLength())
    const token = tokens[kind]
    if (comments.includes(kind)) return { message: 'JSON allows no comments.', offset }
    if (token === undefined) return { message: `${shown(written)} is not JSON.`, offset }
    const failed: number = scanner.getTokenError()
    if (failed !== 0)
      return token === 'string'
        ? stringMistake(written, offset)
        : { message: `${shown(written)} is not a complete number.`, offset }
    const open = brackets.at(-1)
    if (!fits(token, expected, open)) {
      const trailing = (token === '}' && expected === 'key') || (token === ']' && comma > 0)
      if (trailing && expected !== 'comma' && expected !== ':')
        return { message: `JSON allows no comma before ${token}.`, offset: comma - 1 }
      return { message: misplaced(token, expected, open), offset }
    }
    if (token === 'end') return null
    visit(token, written)
    if (token === '{' || token === '[') brackets.push(token)
    if (token === '}' || token === ']') brackets.pop()
    comma = token === ',' ? offset + 1 : 0
    expected = following(token, expected, brackets.at(-1))
  }
}

function following(token: Token, expected: Expected, open: Bracket | undefined): Expected {
  if (token === '{') return 'key or }'
  if (token === '[') return 'value or ]'
  if (token === ':') return 'value'
  if (token === ',') return open === '{' ? 'key' : 'value'
  if (expected === 'key' || (expected === 'key or }' && token === 'string')) return ':'
  return open === undefined ? 'end' : 'comma'
}

function fits(token: Token, expected: Expected, open: Bracket | undefined): boolean {
  switch (expected) {
    case 'value':
    case 'value or ]':
      if (token === ']') return expected === 'value or ]'
      return token === 'string' || token === 'scalar' || token === '{' || token === '['
    case 'key':
    case 'key or }':
      return token === 'string' || (token === '}' && expected === 'key or }')
    case ':':
      return token === ':'
    case 'comma':
      return token === ',' || token === (open === '{' ? '}' : ']')
    case 'end':
      return token === 'end'
  }
}

function misplaced(token: Token, expected: Expected, open: Bracket | undefined): string {
  if (expected === 'end') return 'Something follows the end of the JSON value.'
  const wanted: Readonly<Record<Exclude<Expected, 'end'>, string>> = {
    value: 'a value',
    'value or ]': 'a value or ]',
    key: 'a key in double quotes',
    'key or }': 'a key in double quotes or }',
    ':': 'a colon',
    comma: open === '{' ? 'a comma or }' : 'a comma or ]',
  }
  if (token !== 'end') return `Expected ${wanted[expected]} here.`
  return open === undefined
    ? 'The text is empty; a JSON value is expected.'
    : `The text ends too early: expected ${wanted[expected]}.`
}

/** Finds the first thing wrong inside a string as it was written, its quotes included. */
function stringMistake(written: string, offset: number): Mistake {
  const wrong = /\\(?:u(?![\dA-Fa-f]{4})[\dA-Fa-f]{0,3}|[^"\\/bfnrtu]|$)|[\0-\x1f]/.exec(
    // A pair of backslashes must not lend its second one to what follows.
    written.replaceAll('\\\\', '--'),
  )
  const at = offset + (wrong?.index ?? 0)
  if (!wrong || /^\\?[\r\n]?$/.test(wrong[0]))
    return { message: 'The string is not closed on its line.', offset }
  if (!wrong[0].startsWith('\\'))
    return { message: `${shown(wrong[0])} must be escaped inside a string.`, offset: at }
  return { message: `${shown(wrong[0])} is not an escape that JSON knows.`, offset: at }
}

/** The start of what was written, in quotes; a character that does not show as its number. */
function shown(written: string): string {
  const point = written.codePointAt(0) ?? 0
  if (/^[\p{C}\p{Z}]/u.test(written))
    return `U+${point.toString(16).toUpperCase().padStart(4, '0')}`
  return written.length > 20 ? `“${written.slice(0, 20)}…”` : `“${written}”`
}
