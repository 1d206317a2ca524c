import * as v from 'valibot'

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const milliseconds = v.pipe(v.number(), v.minValue(0), v.maxValue(24 * 60 * 60 * 1000))

/** A request header. A secret one refers to a value the engine keeps; the interface never sees it again. */
export const Header = v.variant('secret', [
  v.strictObject({
    secret: v.literal(false),
    enabled: v.boolean(),
    name: v.pipe(v.string(), v.maxLength(1000)),
    value: v.pipe(v.string(), v.maxLength(100_000)),
  }),
  v.strictObject({
    secret: v.literal(true),
    enabled: v.boolean(),
    name: v.pipe(v.string(), v.maxLength(1000)),
    /** `null` until a value was entered. */
    secretRef: v.nullable(v.pipe(v.string(), v.maxLength(100))),
  }),
])
export type Header = v.InferOutput<typeof Header>

/** How a connection is made. What the user typed is kept as typed; it is checked on connect. */
export const ConnectionConfig = v.strictObject({
  url: v.pipe(v.string(), v.maxLength(10_000)),
  subprotocols: v.pipe(v.array(v.pipe(v.string(), v.maxLength(1000))), v.maxLength(100)),
  headers: v.pipe(v.array(Header), v.maxLength(200)),
  /** The Origin header; empty sends none. */
  origin: v.pipe(v.string(), v.maxLength(10_000)),
  /** From look-up to the end of the opening handshake, in milliseconds. */
  handshakeTimeout: v.pipe(milliseconds, v.minValue(100)),
  /** How long the closing handshake may take before the socket is destroyed, in milliseconds. */
  closeTimeout: v.pipe(milliseconds, v.minValue(100)),
  followRedirects: v.boolean(),
  /** Whether permessage-deflate (RFC 7692) is offered. */
  perMessageDeflate: v.boolean(),
  verifyCertificate: v.boolean(),
  /** Longest message accepted, in bytes. */
  maxPayload: v.pipe(count, v.minValue(1), v.maxValue(1024 * 1024 * 1024)),
  retry: v.strictObject({
    enabled: v.boolean(),
    /** Milliseconds between the loss of the connection and the next attempt. */
    delay: v.pipe(milliseconds, v.minValue(100)),
    /** Attempts in a row; 0 means without end. */
    maxAttempts: count,
  }),
  /** Milliseconds between keep-alive pings; 0 sends none. */
  pingInterval: milliseconds,
  /** Milliseconds after which an unanswered ping counts as lost. */
  pongTimeout: v.pipe(milliseconds, v.minValue(100)),
})
export type ConnectionConfig = v.InferOutput<typeof ConnectionConfig>

export const defaultUrl = 'ws://127.0.0.1:8765'

/** The configuration a new connection starts with. */
export function defaultConfig(url = ''): ConnectionConfig {
  return {
    url,
    subprotocols: [],
    headers: [],
    origin: '',
    handshakeTimeout: 10_000,
    closeTimeout: 5_000,
    followRedirects: true,
    perMessageDeflate: true,
    verifyCertificate: true,
    maxPayload: 100 * 1024 * 1024,
    retry: { enabled: false, delay: 2_000, maxAttempts: 0 },
    pingInterval: 5_000,
    pongTimeout: 10_000,
  }
}

/** The four states of the WebSocket interface, with the numbers the standard gives them (WHATWG WebSockets section 3.1). */
export const readyStates = { connecting: 0, open: 1, closing: 2, closed: 3 } as const
export const Phase = v.picklist(['connecting', 'open', 'closing', 'closed'])
export type Phase = v.InferOutput<typeof Phase>

/** What a connection is busy with while `connecting`. */
export const ConnectStep = v.picklist(['lookup', 'connect', 'tls', 'handshake'])
export type ConnectStep = v.InferOutput<typeof ConnectStep>

export const HeaderPair = v.tuple([v.string(), v.string()])
export type HeaderPair = v.InferOutput<typeof HeaderPair>

/** What the opening handshake settled. */
export const HandshakeFacts = v.strictObject({
  /** The URL that answered, after redirects. */
  url: v.string(),
  /** The negotiated subprotocol, empty for none. */
  protocol: v.string(),
  /** The Sec-WebSocket-Extensions of the response, empty for none. */
  extensions: v.string(),
  /** The other end as `address:port`. */
  remote: v.string(),
  /** Milliseconds from the first step to open. */
  duration: v.number(),
  /** `null` on ws. */
  tls: v.nullable(
    v.strictObject({
      version: v.string(),
      cipher: v.string(),
      /** Whether the certificate was trusted. */
      authorized: v.boolean(),
      /** Why not, when it was not and verification was off. */
      authorizationError: v.string(),
    }),
  ),
  /** Both heads byte for byte as text, except that values of secret headers are hidden. */
  requestHead: v.string(),
  responseHead: v.string(),
})
export type HandshakeFacts = v.InferOutput<typeof HandshakeFacts>

/** Where a connection attempt or an open connection failed. */
export const Failure = v.strictObject({
  step: v.picklist([
    'lookup',
    'connect',
    'tls',
    'handshake',
    'timeout',
    'redirect',
    'network',
    'protocol',
  ]),
  /** The system's or library's code, such as ECONNREFUSED; empty when there is none. */
  code: v.string(),
  /** What happened, in plain words. */
  message: v.string(),
  /** What to try next; empty when nothing is known. */
  hint: v.string(),
})
export type Failure = v.InferOutput<typeof Failure>

/** What a server answered instead of switching protocols. */
export const Refusal = v.strictObject({
  status: v.number(),
  statusText: v.string(),
  headers: v.array(HeaderPair),
  /** The body as text, at most 64 KiB of it. */
  body: v.string(),
  bodyCut: v.boolean(),
})
export type Refusal = v.InferOutput<typeof Refusal>

/** How a connection ended. */
export const CloseFacts = v.strictObject({
  /** 1005 when the close frame had none, 1006 when there was no close frame. */
  code: v.number(),
  reason: v.string(),
  /** Who ended it first. */
  by: v.picklist(['peer', 'local', 'network']),
  /** Whether the closing handshake was completed by both sides (RFC 6455 section 7.1.4). */
  clean: v.boolean(),
})
export type CloseFacts = v.InferOutput<typeof CloseFacts>

/** The state of one connection: replaced as a whole whenever a part changes. */
export const ConnectionState = v.strictObject({
  phase: Phase,
  /** Milliseconds since the epoch at which the phase began; `null` before the first connect. */
  since: v.nullable(v.number()),
  /** Only while connecting. */
  step: v.nullable(ConnectStep),
  /** Attempts since the connection was last open or asked for; 0 when no retry is under way. */
  attempt: count,
  /** When the next automatic attempt starts, in milliseconds since the epoch. */
  nextAttemptAt: v.nullable(v.number()),
  handshake: v.nullable(HandshakeFacts),
  failure: v.nullable(Failure),
  refusal: v.nullable(Refusal),
  close: v.nullable(CloseFacts),
})
export type ConnectionState = v.InferOutput<typeof ConnectionState>

/** The state before the first connect. */
export function neverConnected(): ConnectionState {
  return {
    phase: 'closed',
    since: null,
    step: null,
    attempt: 0,
    nextAttemptAt: null,
    handshake: null,
    failure: null,
    refusal: null,
    close: null,
  }
}

/** Messages (text and binary) and payload bytes since the connection was opened in its tab. */
export const Counters = v.strictObject({
  messagesIn: count,
  messagesOut: count,
  bytesIn: count,
  bytesOut: count,
})
export type Counters = v.InferOutput<typeof Counters>

/** Which frame a draft becomes. */
export const DataOpcode = v.picklist(['text', 'binary'])
export type DataOpcode = v.InferOutput<typeof DataOpcode>

export const draftFormats = ['text', 'json', 'hex', 'base64', 'file'] as const
export const DraftFormat = v.picklist(draftFormats)
export type DraftFormat = v.InferOutput<typeof DraftFormat>

const draftText = v.pipe(v.string(), v.maxLength(64 * 1024 * 1024))

/** What the composer holds. Text and JSON share one text; hex and base64 keep their own. */
export const Draft = v.strictObject({
  format: DraftFormat,
  text: draftText,
  hex: draftText,
  base64: draftText,
  /** The frame that hex, base64 and files become; text and JSON are always text frames. */
  opcode: DataOpcode,
})
export type Draft = v.InferOutput<typeof Draft>

export function emptyDraft(): Draft {
  return { format: 'text', text: '', hex: '', base64: '', opcode: 'binary' }
}

/** A message that was sent and can be recalled into the composer. */
export const HistoryEntry = v.strictObject({
  /** Milliseconds since the epoch. */
  time: v.number(),
  format: v.picklist(['text', 'json', 'hex', 'base64']),
  content: v.string(),
  opcode: DataOpcode,
})
export type HistoryEntry = v.InferOutput<typeof HistoryEntry>

/** A message that is sent again and again. */
export const RepeatState = v.strictObject({
  sent: count,
  /** `null` means until stopped. */
  total: v.nullable(count),
  interval: v.number(),
})
export type RepeatState = v.InferOutput<typeof RepeatState>

/** One tab: a configuration, its log, and the session under way if any. */
export const Connection = v.strictObject({
  id: v.string(),
  /** The name shown on the tab. */
  name: v.string(),
  /** The profile it was opened from or saved as. */
  profileId: v.nullable(v.string()),
  config: ConnectionConfig,
  logId: v.string(),
  state: ConnectionState,
  counters: Counters,
  /** Bytes accepted for sending that have not left (WHATWG WebSockets section 3.1). */
  bufferedAmount: v.number(),
  /** As the `ws` library names it; text arrives as text whatever this says. */
  binaryType: v.string(),
  repeat: v.nullable(RepeatState),
})
export type Connection = v.InferOutput<typeof Connection>
