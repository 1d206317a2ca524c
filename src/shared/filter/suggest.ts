import { fieldChoices } from './parse-field'
import { parseTerm, takeMinus } from './parse-term'
import { Scanner } from './scanner'

/** What can be written at the caret. */
export interface Suggestion {
  /** The part of the text that it takes the place of, in UTF-16 units. */
  readonly start: number
  readonly end: number
  /** What is written there. */
  readonly insert: string
  readonly label: string
  /** What it does, in a few words. */
  readonly detail: string
}

type Entry = readonly [insert: string, detail: string]

const fields: readonly Entry[] = [
  ['dir:', 'direction: in or out'],
  ['type:', 'kinds of rows, such as text,binary'],
  ['size>', 'payload bytes, such as size>1k'],
  ['wire>', 'bytes on the wire, headers included'],
  ['ratio>', 'payload bytes by wire bytes'],
  ['time>', 'clock time, such as time>12:00:05'],
  ['since:', 'the last while, such as since:10s'],
  ['frame:', 'fragmented, compressed, invalid or masked'],
  ['fragments>', 'frames that a message came in'],
  ['session:', 'number of the session'],
  ['close:', 'close code, such as close:1006'],
  ['$.', 'value in JSON, such as $.price > 100'],
]

const keywords: readonly Entry[] = [
  ['and ', 'both hold; the same as a space'],
  ['or ', 'one of both holds'],
  ['not ', 'what follows does not hold'],
]

const choiceDetails: Readonly<Record<string, string>> = {
  in: 'from the peer',
  out: 'to the peer',
  none: 'events, which did not cross the wire',
  text: 'text messages',
  binary: 'binary messages',
  ping: 'ping frames',
  pong: 'pong frames',
  close: 'close frames',
  open: 'opened connections, with both handshake heads',
  error: 'errors',
  note: 'notes on what happened',
  fragmented: 'messages in more than one frame',
  compressed: 'permessage-deflate (RFC 7692)',
  invalid: 'frames that broke a rule',
  masked: 'frames with a masking key',
}

/** Values offered behind a field; lists of choices are in {@link fieldChoices}. */
const values: Readonly<Record<string, readonly Entry[]>> = {
  size: [
    ['1k', '1,000 bytes'],
    ['1m', '1,000,000 bytes'],
    ['1KiB', '1,024 bytes'],
  ],
  wire: [
    ['1k', '1,000 bytes'],
    ['1m', '1,000,000 bytes'],
    ['1KiB', '1,024 bytes'],
  ],
  ratio: [['2', 'twice as many bytes as on the wire']],
  fragments: [['1', 'one frame']],
  session: [['1', 'the first session']],
  time: [
    ['12:00:05', 'on the day of the latest row'],
    ['2026-11-22T12:00:05', 'on any day'],
  ],
  since: [
    ['10s', 'ten seconds'],
    ['5m', 'five minutes'],
    ['2h', 'two hours'],
  ],
  close: [
    ['1000', 'normal closure'],
    ['1001', 'going away'],
    ['1002', 'protocol error'],
    ['1005', 'no status received'],
    ['1006', 'abnormal closure'],
    ['1008', 'policy violation'],
    ['1009', 'message too big'],
    ['1011', 'internal error'],
  ],
}

const orders: readonly Entry[] = [
  ['>', 'more than'],
  ['>=', 'at least'],
  ['<', 'less than'],
  ['<=', 'at most'],
]
const equalities: readonly Entry[] = [
  ['=', 'equal to'],
  ['!=', 'different from'],
]
const operators: Readonly<Record<string, readonly Entry[]>> = {
  size: [...orders, ...equalities],
  wire: [...orders, ...equalities],
  ratio: orders,
  fragments: [...orders, ...equalities],
  time: orders,
}

const pathOperators: readonly Entry[] = [
  ['== ', 'equal to a "text", number, true, false or null'],
  ['!= ', 'there and different'],
  ['> ', 'more than a number, or behind a text'],
  ['< ', 'less than a number, or before a text'],
  ['~ ', 'contains "text" or matches /expression/'],
]

const templates: readonly Entry[] = [
  ['$.path == value', 'JSON whose member equals a value'],
  ['$..name ~ "part"', 'JSON with such a member at any depth'],
]

/**
 * What could be written at the caret: fields, their operators and values, keywords, and templates of
 * JSONPath terms. Empty within phrases and regular expressions and where nothing fits.
 * @param caret position in UTF-16 units.
 */
export function suggestFilter(text: string, caret: number): Suggestion[] {
  const before = text.slice(0, caret)
  const termStart = startOfTerm(before)
  if (termStart === undefined) return []
  const typed = before.slice(termStart)
  const offer: Offer = (entries, from) => suggestions(entries, text, from, caret)
  const [field = '', operator = '', value = ''] = fieldParts(typed)
  if (operator !== '') return valueSuggestions(field, operator, value, caret, offer)
  const [, pathOperator] = /^\$[^=!<>~]*\s([=!<>~]*)$/.exec(typed) ?? []
  if (pathOperator !== undefined)
    return offer([...pathOperators, ...keywords], caret - pathOperator.length)
  if (typed === '$' || typed === '$.') return offer(templates, termStart)
  if (typed.startsWith('$')) return []
  if (typed === '') {
    const first = before.trim() === '' || /(?:^|[\s(])(?:and|or|not)\s+$|\($/i.test(before)
    return offer(
      first ? [...fields, ...templates, ...keywords.slice(2)] : [...keywords, ...fields],
      caret,
    )
  }
  const own = Object.entries(operators).find(([name]) => name === typed.toLowerCase())?.[1]
  if (own) return offer(own, caret)
  return offer([...fields, ...keywords], termStart).filter((item) => item.insert.trim() !== typed)
}

type Offer = (entries: readonly Entry[], from: number) => Suggestion[]

function fieldParts(typed: string): string[] {
  return /^([a-z]+)\s*(:|[<>]=?|!=|==?)\s*([^\s()]*)$/i.exec(typed)?.slice(1) ?? []
}

function valueSuggestions(
  field: string,
  operator: string,
  value: string,
  caret: number,
  offer: Offer,
): Suggestion[] {
  const name = field.toLowerCase()
  const lists = operator === ':' && Object.hasOwn(fieldChoices, name)
  const parts = value.toLowerCase().split(',')
  const part = parts.pop() ?? ''
  const entries = lists
    ? fieldChoices[name as keyof typeof fieldChoices]
        .filter((choice) => !parts.includes(choice))
        .map((choice): Entry => [choice, choiceDetails[choice] ?? ''])
    : Object.hasOwn(values, name)
      ? (values[name] ?? [])
      : []
  // What is complete needs nothing more, though it may go on.
  if (entries.some(([insert]) => insert.toLowerCase() === part)) return []
  return offer(entries, caret - part.length)
}

/** The entries that begin with what stands between `start` and the caret, whatever the case. */
function suggestions(
  entries: readonly Entry[],
  text: string,
  start: number,
  caret: number,
): Suggestion[] {
  const typed = text.slice(start, caret).toLowerCase()
  const behind = text.slice(caret)
  return entries
    .filter(([insert]) => insert.toLowerCase().startsWith(typed))
    .map(([insert, detail]) => {
      const rest = insert.endsWith(':') ? /^[a-z\d]*:?/i : /^[a-z\d]*/i
      const end = caret + (rest.exec(behind)?.[0].length ?? 0)
      return { start, end, insert, label: insert.trim(), detail }
    })
}

/**
 * Where the term at the end of `before` begins; its length where a new one may begin; `undefined`
 * within and right behind a phrase or a regular expression.
 */
function startOfTerm(before: string): number | undefined {
  const scanner = new Scanner(before)
  let barePath: number | undefined
  for (;;) {
    while (!scanner.atEnd && scanner.atBoundary) {
      if (!/\s/.test(scanner.character)) barePath = undefined
      scanner.at += 1
    }
    if (scanner.atEnd) return barePath ?? scanner.at
    takeMinus(scanner)
    const start = scanner.at
    const term = tryTerm(scanner)
    if (scanner.atEnd) return /["/]/.test(before.charAt(start)) ? undefined : start
    barePath = term?.kind === 'path' && term.test === null ? start : undefined
  }
}

/** Reads a term; what is wrong is passed over. */
function tryTerm(scanner: Scanner) {
  const start = scanner.at
  try {
    return parseTerm(scanner)
  } catch {
    if (scanner.at === start) scanner.takeWord()
    return undefined
  }
}
