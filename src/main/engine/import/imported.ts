import { AppError } from '@shared/errors'
import type { SessionInfo } from '@shared/model/frame'
import type { NewRow } from '../frame-log/frame-log'

/** A part of an imported file, in the order in which a log takes them. */
export type Imported =
  /** Stands before the first row of that session. Numbers are those of the file and may have gaps. */
  | { readonly session: SessionInfo }
  /** A row, and what the user had noted on it: `null` for no bookmark. */
  | { readonly row: NewRow; readonly note: string | null }

/** Most skipped parts that are told in words. */
const mostTold = 20

/** Longest text of a skipped part, in UTF-16 units. */
const longestWords = 500

/** What of a file was left out. */
export class SkippedParts {
  readonly words: string[] = []
  count = 0

  add(words: string): void {
    this.count += 1
    if (this.words.length < mostTold)
      this.words.push(words.length > longestWords ? `${words.slice(0, longestWords)}…` : words)
  }
}

/** The failure of an import, said in words that name what was expected. */
export function importFailed(message: string): AppError {
  return new AppError('IMPORT_FAILED', message)
}
