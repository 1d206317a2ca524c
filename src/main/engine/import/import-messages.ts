import type { ErrorEnvelope } from '@shared/errors'
import type { Imported } from './imported'
import type { SourceFile } from './read-file'

/** What an import thread is started with. */
export interface ImportTask {
  readonly file: SourceFile
  readonly attachments: readonly SourceFile[]
}

/** Asks for the next batch. */
export type ImportRequest = 'next'

/** A batch of a file, or why there is none. */
export type ImportReply =
  | {
      readonly items: readonly Imported[]
      /** Whether it is the last one. */
      readonly isLast: boolean
      readonly skipped: readonly string[]
      readonly skippedCount: number
    }
  | { readonly error: ErrorEnvelope }
