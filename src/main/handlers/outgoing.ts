import type { OutgoingMessage } from '@shared/contract'
import type { DataOpcode, Draft } from '@shared/model/connection'
import type { ExchangeFiles } from '../engine/export/exchange-files'

export interface Outgoing {
  readonly opcode: DataOpcode
  readonly payload: Uint8Array
  /** What it came from, when it may be recalled. */
  readonly draft: Draft | null
}

/**
 * The bytes of a message. A file is let go with it.
 * @throws {AppError} NOT_FOUND, INVALID_INPUT (the file is not complete), STORAGE_UNWRITABLE.
 */
export async function readOutgoing(
  message: OutgoingMessage,
  files: ExchangeFiles,
  clientId: string,
): Promise<Outgoing> {
  if (message.from === 'bytes') return message
  const { payload } = await files.take(clientId, message.fileId)
  return { opcode: message.opcode, payload, draft: null }
}
