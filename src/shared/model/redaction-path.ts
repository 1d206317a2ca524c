import type { PathStep } from '../filter/node'
import { parsePath } from '../filter/parse-path'
import { FilterSyntaxError, Scanner, type FilterProblem } from '../filter/scanner'

/** The steps of a path, or what is wrong with it. */
export type RedactionPath =
  | { readonly ok: true; readonly steps: readonly PathStep[] }
  | { readonly ok: false; readonly problem: FilterProblem }

/**
 * Reads a JSONPath that says which values of messages are hidden: the paths of the filter language
 * (`$.name`, `$['name']`, `$[0]`, `$[*]`, `$..name`) without a comparison and without indexes that
 * count from the end. Never throws.
 */
export function parseRedactionPath(text: string): RedactionPath {
  const scanner = new Scanner(text.trim())
  const { length } = scanner.text
  try {
    if (!scanner.startsWith('$'))
      throw scanner.problem('A path begins with $, as in $.token or $..password.', 0, length)
    const { steps, test } = parsePath(scanner)
    if (test !== null || !scanner.atEnd || /\sexists$/i.test(scanner.text))
      throw scanner.problem('A path alone is expected here, without a comparison.', 0, length)
    if (steps.length === 0)
      throw scanner.problem(
        '$ alone is the whole message. Name what is to be hidden, as in $.token.',
        0,
      )
    if (steps.some((step) => step.kind === 'index' && step.index < 0))
      throw scanner.problem('An index counts from the first element, which is [0].', 0, length)
    return { ok: true, steps }
  } catch (error) {
    if (error instanceof FilterSyntaxError) return { ok: false, problem: error.problem }
    throw error
  }
}
