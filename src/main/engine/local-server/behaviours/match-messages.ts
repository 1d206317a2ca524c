import type { MessageMatch } from '@shared/model/server-route'

/** What a thread that matches is started with. */
export interface MatchTask {
  /** Of a `ScanControl`, in which a message counts as a row and a rule as a term. */
  readonly control: SharedArrayBuffer
  /** For each rule what it asks of a message; `null` for those that are out of the question. */
  readonly matches: readonly (MessageMatch | null)[]
}

/** Some messages, one behind the other. */
export interface MatchRequest {
  /** Number of the first as a row; the others follow. */
  readonly first: number
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Where each ends in the bytes. */
  readonly ends: readonly number[]
  readonly isText: readonly boolean[]
}

/** One for every request, in order: the first rule that each message meets, {@link noRule} for none. */
export type MatchReply = Int16Array<ArrayBuffer>

export const noRule = -1
