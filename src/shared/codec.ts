import { decode, encode } from '@msgpack/msgpack'
import type { Envelope } from './transport'

/** What travels over the browser host's `/rpc` WebSocket, one per binary message. */
export type WireMessage =
  | { readonly kind: 'call'; readonly id: number; readonly name: string; readonly input: unknown }
  | { readonly kind: 'reply'; readonly id: number; readonly envelope: Envelope }
  | { readonly kind: 'event'; readonly name: string; readonly payload: unknown }

/** MessagePack, because payload bytes must cross unchanged and JSON has no bytes. */
export function encodeMessage(message: WireMessage): Uint8Array<ArrayBuffer> {
  return encode(message, { ignoreUndefined: true })
}

/**
 * Reads what `encodeMessage` wrote.
 * @throws {TypeError | RangeError} when the bytes are not such a message.
 */
export function decodeMessage(bytes: Uint8Array): WireMessage {
  const value = decode(bytes)
  if (!isWireMessage(value)) throw new TypeError('Not a Framescope message')
  return value
}

function isWireMessage(value: unknown): value is WireMessage {
  if (typeof value !== 'object' || value === null) return false
  const message = value as Record<string, unknown>
  if (message['kind'] === 'call')
    return Number.isSafeInteger(message['id']) && typeof message['name'] === 'string'
  if (message['kind'] === 'reply')
    return Number.isSafeInteger(message['id']) && typeof message['envelope'] === 'object'
  return message['kind'] === 'event' && typeof message['name'] === 'string'
}
