import type { BrokenRule } from '@shared/model/frame'

/** The rules of RFC 6455 and RFC 7692 that a frame can break, in the words a row shows. */
export const brokenRules = {
  rsvWithoutExtension: rule(
    'RSV1, RSV2 and RSV3 must be 0 unless a negotiated extension uses them',
    'RFC 6455 section 5.2',
  ),
  rsv1OutOfPlace: rule(
    'RSV1 may be set only on the first frame of a compressed message',
    'RFC 7692 section 6',
  ),
  serverMasked: rule('A server must not mask its frames', 'RFC 6455 section 5.1'),
  clientUnmasked: rule('A client must mask its frames', 'RFC 6455 section 5.1'),
  controlFragmented: rule('A control frame must not be fragmented', 'RFC 6455 section 5.5'),
  controlTooLong: rule(
    'A control frame must not have more than 125 bytes of payload, so that 7 bits hold its length',
    'RFC 6455 section 5.5',
  ),
  continuationWithoutStart: rule(
    'A continuation frame needs a started message',
    'RFC 6455 section 5.4',
  ),
  dataInsideMessage: rule(
    'A new message must not start before the fragmented one has ended',
    'RFC 6455 section 5.4',
  ),
  lengthNotMinimal: rule(
    'The payload length must be written in its shortest form',
    'RFC 6455 section 5.2',
  ),
  lengthTopBit: rule('The top bit of a 64-bit payload length must be 0', 'RFC 6455 section 5.2'),
  lengthUnsupported: rule(
    'The frame announces more than 2^53 - 1 bytes, more than any endpoint here can take',
    'RFC 6455 section 7.4.1',
  ),
  closeOneByte: rule(
    'A close payload is empty or has at least two bytes for the code',
    'RFC 6455 section 5.5.1',
  ),
  closeReasonNotUtf8: rule('A close reason must be valid UTF-8', 'RFC 6455 section 5.5.1'),
  textNotUtf8: rule('A text message must be valid UTF-8', 'RFC 6455 section 8.1'),
  notInflatable: rule('A compressed message must be valid DEFLATE data', 'RFC 7692 section 7.2.2'),
  messageTooLong: rule(
    'The message is longer than the longest one accepted here',
    'RFC 6455 section 7.4.1',
  ),
  tooManyParts: rule(
    'The message has more fragments than are accepted here',
    'RFC 6455 section 7.4.1',
  ),
  afterClose: rule('No message may follow a close frame', 'RFC 6455 section 5.5.1'),
  unread: rule(
    'The connection ended or failed before this message was read',
    'RFC 6455 section 7.1.7',
  ),
  unfinished: rule('The connection ended in the middle of this message', 'RFC 6455 section 5.4'),
} as const satisfies Record<string, BrokenRule>

/** A data or control opcode nobody has defined (RFC 6455 section 5.2). */
export function reservedOpcode(opcode: number): BrokenRule {
  return rule(`Opcode ${opcode} is reserved`, 'RFC 6455 section 5.2')
}

/** A status code that must not appear in a close frame (RFC 6455 section 7.4). */
export function closeCodeNotAllowed(code: number): BrokenRule {
  return rule(`${code} is not allowed as the code of a close frame`, 'RFC 6455 section 7.4')
}

function rule(words: string, section: string): BrokenRule {
  return Object.freeze({ rule: words, section })
}
