import type { Failure } from '@shared/model/connection'
import type { BrokenRule } from '@shared/model/frame'
import { brokenRules } from '../wire/broken-rules'
import { headerBits } from '../wire/frame-header'
import type { WireMessage } from '../wire/wire-message'

/** The codes of `ws` for what only it finds, and the rules they stand for. */
const ruleByCode: Readonly<Record<string, BrokenRule>> = {
  WS_ERR_EXPECTED_FIN: brokenRules.controlFragmented,
  WS_ERR_EXPECTED_MASK: brokenRules.clientUnmasked,
  WS_ERR_INVALID_CLOSE_CODE: {
    rule: 'The code is not allowed in a close frame',
    section: 'RFC 6455 section 7.4',
  },
  WS_ERR_INVALID_CONTROL_PAYLOAD_LENGTH: brokenRules.controlTooLong,
  WS_ERR_INVALID_OPCODE: {
    rule: 'The opcode is reserved or out of place',
    section: 'RFC 6455 section 5.2',
  },
  WS_ERR_INVALID_UTF8: brokenRules.textNotUtf8,
  WS_ERR_TOO_MANY_BUFFERED_PARTS: brokenRules.tooManyParts,
  WS_ERR_UNEXPECTED_MASK: brokenRules.serverMasked,
  WS_ERR_UNEXPECTED_RSV_1: brokenRules.rsvWithoutExtension,
  WS_ERR_UNEXPECTED_RSV_2_3: brokenRules.rsvWithoutExtension,
  WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: brokenRules.lengthUnsupported,
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: brokenRules.messageTooLong,
}

/** The rule that a `ws` or zlib error code stands for; `null` when it is about something else. */
export function ruleOfError(code: string): BrokenRule | null {
  if (Object.hasOwn(ruleByCode, code)) return ruleByCode[code] ?? null
  return code.startsWith('Z_') ? brokenRules.notInflatable : null
}

/**
 * The rule that made `ws` send this close frame before it said why.
 * @param culprit the first message that was not delivered.
 */
export function ruleOfCloseCode(payload: Buffer, culprit: WireMessage | undefined): BrokenRule {
  const code = payload.length >= 2 ? payload.readUInt16BE(0) : 0
  const compressed = culprit !== undefined && (culprit.header & headerBits.rsv1) !== 0
  if (code === 1009) return brokenRules.messageTooLong
  if (code === 1008) return brokenRules.tooManyParts
  if (code === 1007) return compressed ? brokenRules.notInflatable : brokenRules.textNotUtf8
  return brokenRules.unfinished
}

/** Says which rule the peer broke and with which bytes. */
export function describeBroken(
  broken: BrokenRule | null,
  raw: Uint8Array | null,
  details: { readonly code?: string; readonly maxPayload?: number | undefined } = {},
): Failure {
  const { code = '', maxPayload } = details
  if (broken === brokenRules.messageTooLong) {
    const limit = maxPayload === undefined ? '' : ` of ${maxPayload} bytes`
    return {
      step: 'protocol',
      code,
      message: `A message from the peer was longer than the limit${limit}, so the connection was closed with 1009.`,
      hint: 'The longest message accepted can be raised in the settings of the connection.',
    }
  }
  const words = broken ? `: ${broken.rule} (${broken.section})` : ''
  const began = raw ? ` The frame began with ${hexOf(raw)}.` : ''
  return {
    step: 'protocol',
    code,
    message: `The peer broke the WebSocket protocol${words}.${began}`,
    hint: 'The frame is in the list, marked with the rule it broke.',
  }
}

function hexOf(bytes: Uint8Array): string {
  const shown = bytes.subarray(0, 32)
  const pairs = [...shown].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
  return bytes.length > shown.length ? `${pairs} …` : pairs
}
