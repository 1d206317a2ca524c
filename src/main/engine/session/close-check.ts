import { AppError } from '@shared/errors'
import {
  describeCloseCode,
  isSendableCloseCode,
  maxCloseReasonBytes,
} from '@shared/model/close-code'

/**
 * Checks what is to go into a close frame (RFC 6455 sections 5.5.1 and 7.4). No code at all is fine.
 * @throws {AppError} CLOSE_CODE_INVALID, CLOSE_REASON_TOO_LONG.
 */
export function checkClose(code?: number, reason = ''): void {
  if (code !== undefined && !isSendableCloseCode(code)) {
    throw new AppError(
      'CLOSE_CODE_INVALID',
      `Close code ${code} cannot be sent: ${describeCloseCode(code).meaning} ` +
        'Sendable are 1000 to 1003, 1007 to 1014 and 3000 to 4999.',
      { details: { code } },
    )
  }
  const bytes = new TextEncoder().encode(reason).byteLength
  if (bytes > maxCloseReasonBytes) {
    throw new AppError(
      'CLOSE_REASON_TOO_LONG',
      `The close reason takes ${bytes} bytes as UTF-8; at most ${maxCloseReasonBytes} fit into ` +
        'a close frame. Shorten it.',
      { details: { bytes, limit: maxCloseReasonBytes } },
    )
  }
}
