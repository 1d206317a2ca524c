import { findBytes, type ByteSearch } from './byte-search'
import { selectOne, selectPath } from './json-path'
import { isPlainNumber, mayHoldLongNumber, parseExactly } from './json-number'
import type { PathStep, PathTerm, PathTest } from './node'
import { compileValueTest, type ValueTest, type Verdict } from './path-test'
import { notJson, type RowContent } from './row-content'
import type { ContentTest } from './word-matcher'

/**
 * Compiles a JSONPath term. A payload is parsed only when the longest name of the path, and the text
 * asked for, stand in its bytes. When doubles cannot tell, it is parsed again with its numbers as
 * they are written.
 * @param onTest called before a payload is parsed and tested.
 */
export function pathMatcher({ steps, test }: PathTerm, onTest: () => void): ContentTest {
  const mayMatch = prefilter(steps, test)
  const select = steps.some((step) => step.deep || step.kind === 'all') ? anyOf : oneOf
  const passes = test === null ? () => true : compileValueTest(test)
  const plain =
    test?.kind === 'compare' && test.value.kind === 'number' && isPlainNumber(test.value.text)
  // Of a tie between doubles that are both short, what holds of equal numbers.
  const tied = test?.kind === 'compare' && ['==', '<=', '>='].includes(test.operator)
  return (content) => {
    if (!mayMatch(content)) return false
    onTest()
    const { json } = content
    if (json === notJson) return false
    const verdict = select(json, steps, passes)
    if (verdict !== undefined) return verdict
    if (plain && !mayHoldLongNumber(content.text)) return tied
    return select(exactJson(content.text, json), steps, passes) ?? tied
  }
}

/** JSON nested thousands deep cannot be parsed exactly; its doubles have to do. */
function exactJson(text: string, json: unknown): unknown {
  try {
    return parseExactly(text)
  } catch {
    return json
  }
}

function oneOf(root: unknown, steps: readonly PathStep[], passes: ValueTest): Verdict {
  const value = selectOne(root, steps)
  return value === undefined ? false : passes(value)
}

function anyOf(root: unknown, steps: readonly PathStep[], passes: ValueTest): Verdict {
  let verdict: Verdict = false
  for (const value of selectPath(root, steps)) {
    const one = passes(value)
    if (one === true) return true
    if (one === undefined) verdict = undefined
  }
  return verdict
}

/** What must be among the bytes of a payload that matches. Escapes can hide it, so they let pass. */
function prefilter(steps: readonly PathStep[], test: PathTest | null): ContentTest {
  const names = steps.flatMap((step) => (step.kind === 'name' ? [step.name] : []))
  const longest = names.reduce((best, name) => (name.length > best.length ? name : best), '')
  const text =
    test?.kind === 'compare' && test.operator === '==' && test.value.kind === 'text'
      ? test.value.text
      : ''
  const searches = [longest, text].filter(isSearchable).map((part) => findBytes(utf8.encode(part)))
  return (content: RowContent) => {
    const { bytes } = content
    for (const search of searches) if (!search(bytes) && !backslash(bytes)) return false
    return true
  }
}

const utf8 = new TextEncoder()
const backslash: ByteSearch = findBytes(Uint8Array.of(0x5c))

/** Whether a text that JSON writes without escapes always has the same bytes. */
function isSearchable(text: string): boolean {
  return text !== '' && !/[\p{Surrogate}\ufffd]/u.test(text)
}
