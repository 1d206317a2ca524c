import { directions, rowKinds } from '../model/frame'
import type { Comparison, FilterNode, NumberField, Span } from './node'
import { frameTraits, numberFields } from './node'
import type { Scanner } from './scanner'
import { parseDuration, parseInteger, parseMoment, parsePlainNumber, parseSize } from './values'

/** A node that does not know yet where it stands. */
export type WithoutSpan<Node> = Node extends Span ? Omit<Node, keyof Span> : never

type FieldNode = WithoutSpan<FilterNode>

const comparison = /(?:[<>]=?|!=|==?)/y
const unitApart = /\s+(?:b|[kmg]i?b?)(?![^\s()])/iy
const fieldName = /^[a-z]+/i

/** The choices that may be written behind a field's colon. */
export const fieldChoices = {
  dir: directions,
  type: rowKinds,
  frame: frameTraits,
} as const

/** How a number field's values are written. */
const numberForms: Readonly<
  Record<
    NumberField,
    { readonly read: (text: string) => number | undefined; readonly expected: string }
  >
> = {
  size: { read: parseSize, expected: 'a size such as 500, 1k, 1.5MB or 2MiB' },
  wire: { read: parseSize, expected: 'a size such as 500, 1k, 1.5MB or 2MiB' },
  ratio: { read: parsePlainNumber, expected: 'a number such as 2 or 1.5' },
  fragments: { read: parseInteger, expected: 'a whole number such as 2' },
  session: { read: parseInteger, expected: 'the number of a session, such as 3' },
  close: { read: closeCode, expected: 'a close code such as 1006' },
}

/** Fields whose values may be listed behind a colon. */
const listed: readonly NumberField[] = ['session', 'close']

function closeCode(text: string): number | undefined {
  const code = parseInteger(text)
  return code !== undefined && code <= 65_535 ? code : undefined
}

/**
 * Reads a term such as `dir:in`, `size > 1k`, `time>12:00` or `since:10s` when one stands here.
 * @returns `undefined` for everything else, which is then a word.
 */
export function parseField(scanner: Scanner): FieldNode | undefined {
  const start = scanner.at
  const name = fieldName.exec(scanner.text.slice(start, start + 20))?.[0]?.toLowerCase() ?? ''
  scanner.at += name.length
  const node = fieldNamed(name, scanner, start)
  if (node === undefined) scanner.at = start
  return node
}

function fieldNamed(name: string, scanner: Scanner, start: number): FieldNode | undefined {
  if (name === 'dir' || name === 'type' || name === 'frame')
    return choiceField(name, scanner, start)
  if (name === 'since') return sinceField(scanner, start)
  if (name === 'time') return timeField(scanner, start)
  const field = numberFields.find((candidate) => candidate === name)
  return field && numberField(field, scanner, start)
}

function choiceField(
  name: keyof typeof fieldChoices,
  scanner: Scanner,
  start: number,
): FieldNode | undefined {
  if (!scanner.take(':')) return undefined
  switch (name) {
    case 'dir':
      return { kind: 'direction', values: choices(fieldChoices.dir, scanner, start) }
    case 'type':
      return { kind: 'type', values: choices(fieldChoices.type, scanner, start) }
    case 'frame':
      return { kind: 'frame', values: choices(fieldChoices.frame, scanner, start) }
  }
}

function choices<Value extends string>(
  allowed: readonly Value[],
  scanner: Scanner,
  start: number,
): Value[] {
  const expected = `${allowed.slice(0, -1).join(', ')} or ${allowed.at(-1)}`
  return list(scanner, start, `is none of the values here: ${expected}`, expected, (part) =>
    allowed.find((value) => value === part.toLowerCase()),
  )
}

function numberField(field: NumberField, scanner: Scanner, start: number): FieldNode | undefined {
  const { read, expected } = numberForms[field]
  if (scanner.character === ':') {
    if (!listed.includes(field))
      throw noColon(field, `${field}>${field === 'ratio' ? 2 : '1k'}`, scanner, start)
    scanner.at += 1
    const values = list(scanner, start, `is not ${expected}`, expected, read)
    return { kind: 'number list', field, values }
  }
  const operator = takeComparison(scanner)
  if (operator === undefined) return undefined
  const value = valueBehind(scanner, start, expected, read)
  if (field === 'size' || field === 'wire') checkNoUnitApart(scanner)
  return { kind: 'number', field, operator, value }
}

/** In `size > 1 k` the k would be a word, which is hardly what was meant. */
function checkNoUnitApart(scanner: Scanner): void {
  const end = scanner.at
  const unit = /\d$/.test(scanner.text.slice(0, end)) ? scanner.takeMatch(unitApart).trim() : ''
  if (unit === '') return
  throw scanner.problem(
    `The unit ${unit} stands right behind its number. Remove the space, or put the word in quotation marks.`,
    end,
    scanner.at,
  )
}

function timeField(scanner: Scanner, start: number): FieldNode | undefined {
  if (scanner.character === ':') throw noColon('time', 'time>12:00:05', scanner, start)
  const operator = takeComparison(scanner)
  if (operator === undefined) return undefined
  if (operator === '==' || operator === '!=') {
    throw scanner.problem(
      'A time is compared with >, >=, < or <=, as in time>=12:00 time<12:01.',
      start,
      scanner.at,
    )
  }
  const expected = 'a time such as 12:00, 12:00:05.25 or 2026-11-22T12:00:05'
  return { kind: 'time', operator, moment: valueBehind(scanner, start, expected, parseMoment) }
}

function sinceField(scanner: Scanner, start: number): FieldNode | undefined {
  if (!scanner.take(':')) return undefined
  const expected = 'a duration such as 500ms, 10s, 5m, 2h or 1d'
  return { kind: 'since', duration: valueBehind(scanner, start, expected, parseDuration, false) }
}

function noColon(field: string, example: string, scanner: Scanner, start: number) {
  return scanner.problem(
    `${field} is compared with an operator, as in ${example}. Put text to search for in quotation marks.`,
    start,
    scanner.at + 1,
  )
}

function takeComparison(scanner: Scanner): Comparison | undefined {
  scanner.skipSpace()
  const operator = scanner.takeMatch(comparison)
  if (operator === '=') return '=='
  return operator === '' ? undefined : (operator as Comparison)
}

function valueBehind<Value>(
  scanner: Scanner,
  start: number,
  expected: string,
  read: (text: string) => Value | undefined,
  spaced = true,
): Value {
  const behind = scanner.at
  if (spaced) scanner.skipSpace()
  const from = scanner.at
  const text = scanner.takeWord()
  const value = read(text)
  if (value !== undefined) return value
  throw text === ''
    ? scanner.problem(
        `${spaced ? 'After' : 'Right after'} ${scanner.text.slice(start, behind)} ${expected} is expected.`,
        start,
        behind,
      )
    : scanner.problem(`“${text}” is not ${expected}.`, from, scanner.at)
}

/** Reads values with commas between them. */
function list<Value>(
  scanner: Scanner,
  start: number,
  wrong: string,
  expected: string,
  read: (text: string) => Value | undefined,
): Value[] {
  const behind = scanner.at
  const parts = scanner.takeWord().split(',')
  let at = behind
  return parts.map((part) => {
    const value = read(part)
    if (value === undefined) {
      throw part === ''
        ? scanner.problem(
            `${at === behind ? `Right after ${scanner.text.slice(start, behind)}` : 'Right after the comma'} ${expected} is expected.`,
            at === behind ? start : at - 1,
            at,
          )
        : scanner.problem(`“${part}” ${wrong}.`, at, at + part.length)
    }
    at += part.length + 1
    return value
  })
}
