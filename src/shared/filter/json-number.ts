/** A number of JSON with its digits as they were written. */
export class ExactNumber {
  readonly source: string

  constructor(source: string) {
    this.source = source
  }
}

const shape = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/

/**
 * Compares two numbers written as JSON by their value, digit by digit: 1e2 is 100.0, and
 * 9007199254740993 is not 9007199254740992. @returns below 0, 0 or above 0.
 */
export function compareDecimals(left: string, right: string): number {
  const a = decimalOf(left)
  const b = decimalOf(right)
  if (a.sign !== b.sign) return a.sign - b.sign
  if (a.exponent !== b.exponent) return a.exponent > b.exponent ? a.sign : -a.sign
  if (a.digits === b.digits) return 0
  return a.digits > b.digits ? a.sign : -a.sign
}

interface Decimal {
  readonly sign: -1 | 0 | 1
  /** Without zeros at either end; the value is 0.digits × 10^exponent. */
  readonly digits: string
  readonly exponent: number
}

function decimalOf(text: string): Decimal {
  const [, minus = '', whole = '', fraction = '', exponent = '0'] = shape.exec(text) ?? []
  const all = whole + fraction
  const digits = all.replace(/^0+/, '')
  if (digits === '') return { sign: 0, digits: '', exponent: 0 }
  return {
    sign: minus === '' ? 1 : -1,
    digits: digits.replace(/0+$/, ''),
    exponent: Number(exponent) + whole.length - (all.length - digits.length),
  }
}

/** Whether a number's text is so short that no other number as short has the same double. */
export function isPlainNumber(text: string): boolean {
  return text.length <= 15 && !/e/i.test(text)
}

/** Whether the text of a JSON document may hold a number that is not {@link isPlainNumber}. */
export function mayHoldLongNumber(json: string): boolean {
  return /[\d.-]{16}|\d[eE]/.test(json)
}

/** Parses JSON that is known to be valid, with every number as it was written. */
export function parseExactly(json: string): unknown {
  return JSON.parse(json, withSource as (key: string, value: unknown) => unknown)
}

/** The third argument is of ECMAScript 2025 and not yet in the compiler's library. */
function withSource(_key: string, value: unknown, context: { readonly source?: string }): unknown {
  return typeof value === 'number' ? new ExactNumber(context.source ?? String(value)) : value
}
