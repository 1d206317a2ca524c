import { findBytes, type ByteSearch } from './byte-search'
import { ExactNumber, isPlainNumber, mayHoldLongNumber, parseExactly } from './json-number'
import { selectPath } from './json-path'
import {
  skimJson,
  skimmedDouble,
  skimmedNumber,
  skimmedText,
  skimSteps,
  type Skimmed,
  type SkimStep,
} from './json-skim'
import type { PathStep, PathTerm, PathTest } from './node'
import { compileValueTest, type ValueTest, type Verdict } from './path-test'
import { notJson, type RowContent } from './row-content'
import type { ContentTest } from './word-matcher'

/**
 * Compiles a JSONPath term. A payload is read as JSON only when the longest name of the path, and the
 * text asked for, stand in its bytes.
 * @param onTest called before a payload is read and tested.
 */
export function pathMatcher({ steps, test }: PathTerm, onTest: () => void): ContentTest {
  const mayMatch = prefilter(steps, test)
  const passes = test === null ? () => true : compileValueTest(test)
  const single = skimSteps(steps)
  const matches = single ? skimmer(single, passes) : walker(steps, test, passes)
  return (content) => {
    if (!mayMatch(content)) return false
    onTest()
    return matches(content)
  }
}

/** Tests the one value that a path selects, without parsing the rest. */
function skimmer(steps: readonly SkimStep[], passes: ValueTest): ContentTest {
  const found: Skimmed = { kind: 'nothing', start: 0, end: 0 }
  const container = {}
  return ({ bytes }) => {
    if (!skimJson(bytes, steps, found)) return false
    switch (found.kind) {
      case 'nothing':
        return false
      case 'string':
        return passes(skimmedText(bytes, found)) === true
      case 'number': {
        const verdict = passes(skimmedDouble(bytes, found))
        return verdict ?? passes(new ExactNumber(skimmedNumber(bytes, found))) === true
      }
      case 'container':
        return passes(container) === true
      default:
        return passes(found.kind === 'null' ? null : found.kind === 'true') === true
    }
  }
}

/**
 * Tests every value that a path selects. When doubles cannot tell, the payload is parsed again with
 * its numbers as they are written.
 */
function walker(steps: readonly PathStep[], test: PathTest | null, passes: ValueTest): ContentTest {
  const value = test?.kind === 'compare' ? test.value : undefined
  const plain = value?.kind === 'number' && isPlainNumber(value.text)
  // What holds of equal numbers, and so of doubles that are equal and both short.
  const tied = test?.kind === 'compare' && ['==', '<=', '>='].includes(test.operator)
  return (content) => {
    const { json } = content
    if (json === notJson) return false
    const verdict = anyPasses(json, steps, passes)
    if (verdict !== undefined) return verdict
    if (plain && !mayHoldLongNumber(content.text)) return tied
    return anyPasses(exactJson(content.text, json), steps, passes) ?? tied
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

function anyPasses(root: unknown, steps: readonly PathStep[], passes: ValueTest): Verdict {
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
