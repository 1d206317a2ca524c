import type { PathStep } from './node'
import { parseSteps } from './parse-path'
import { FilterSyntaxError, Scanner } from './scanner'

/** The steps of a JSONPath, or what is wrong with it and where, in UTF-16 units. */
export type ParsedPath =
  | { readonly ok: true; readonly steps: readonly PathStep[] }
  | { readonly ok: false; readonly message: string; readonly offset: number }

/** Parses a text that is a JSONPath and nothing else, such as `$.user.name`. */
export function parsePlainPath(text: string): ParsedPath {
  const path = pathAt(text, 0)
  if (!path.ok || path.end === text.length) return path
  return {
    ok: false,
    message: "The path ends here. Write a name with other characters as ['name'].",
    offset: path.end,
  }
}

/**
 * Reads the JSONPath that begins at an offset of a text.
 * @returns also where it ends; offsets count from the start of the text.
 */
export function pathAt(
  text: string,
  offset: number,
): (ParsedPath & { readonly ok: false }) | (ParsedPath & { readonly ok: true; end: number }) {
  const scanner = new Scanner(text)
  scanner.at = offset
  if (scanner.character !== '$')
    return { ok: false, message: 'A path begins with $, as in $.user.name.', offset }
  try {
    return { ok: true, steps: parseSteps(scanner), end: scanner.at }
  } catch (error) {
    if (!(error instanceof FilterSyntaxError)) throw error
    return { ok: false, message: error.problem.message, offset: error.problem.start }
  }
}
