import { fold } from './fold'
import { compareDecimals, ExactNumber, isPlainNumber } from './json-number'
import type { Comparison, PathTest, PathValue } from './node'

/** `undefined`: only the number as it is written in the payload can tell. */
export type Verdict = boolean | undefined

/** Whether a value of parsed JSON passes; numbers are doubles or {@link ExactNumber}. */
export type ValueTest = (value: unknown) => Verdict

const jsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/

/** Compiles what must hold of a value that a path selected. */
export function compileValueTest(test: PathTest): ValueTest {
  switch (test.kind) {
    case 'compare':
      return compileComparison(test.operator, test.value)
    case 'contains': {
      const sought = fold(test.text)
      return onText((text) => fold(text).includes(sought))
    }
    case 'matches': {
      const regex = new RegExp(test.pattern, test.flags)
      return onText((text) => regex.test(text))
    }
  }
}

/** Texts as they are, numbers as they are written, true, false and null as words. */
function onText(holds: (text: string) => boolean): ValueTest {
  return (value) => {
    if (typeof value === 'string') return holds(value)
    if (value === null || typeof value === 'boolean') return holds(String(value))
    if (value instanceof ExactNumber) return holds(value.source)
    return typeof value === 'number' ? undefined : false
  }
}

function compileComparison(operator: Comparison, expected: PathValue): ValueTest {
  if (expected.kind === 'number') return compareNumber(operator, expected.text)
  const literal = expected.kind === 'text' ? expected.text : expected.value
  if (operator === '==') return (value) => value === literal
  if (operator === '!=') return (value) => value !== literal
  if (typeof literal !== 'string') return () => false
  return (value) => typeof value === 'string' && holds(operator, compareTexts(value, literal))
}

function compareNumber(operator: Comparison, text: string): ValueTest {
  const expected = Number(text)
  const plain = isPlainNumber(text)
  const orders = operator !== '==' && operator !== '!='
  return (value) => {
    if (typeof value === 'number') {
      // Rounding to doubles keeps the order, so that only equal doubles leave a doubt.
      if (value !== expected) return holds(operator, value - expected)
      return undefined
    }
    if (value instanceof ExactNumber) return holds(operator, compareDecimals(value.source, text))
    if (orders && typeof value === 'string' && jsonNumber.test(value)) {
      const short = plain && isPlainNumber(value)
      return holds(operator, short ? Number(value) - expected : compareDecimals(value, text))
    }
    return operator === '!='
  }
}

/** By code units of UTF-16. */
function compareTexts(left: string, right: string): number {
  if (left === right) return 0
  return left < right ? -1 : 1
}

/** Whether the operator holds between two things whose order is known. */
export function holds(operator: Comparison, order: number): boolean {
  switch (operator) {
    case '==':
      return order === 0
    case '!=':
      return order !== 0
    case '<':
      return order < 0
    case '<=':
      return order <= 0
    case '>':
      return order > 0
    case '>=':
      return order >= 0
  }
}
