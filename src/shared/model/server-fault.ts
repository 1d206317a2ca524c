import * as v from 'valibot'

const milliseconds = v.pipe(v.number(), v.minValue(0), v.maxValue(60 * 60 * 1000))
const count = (least: number, most: number) =>
  v.pipe(v.number(), v.safeInteger(), v.minValue(least), v.maxValue(most))
const text = (most: number) => v.pipe(v.string(), v.maxLength(most))

/**
 * When a fault that needs no message of the server's may strike: when the WebSocket is open, for each
 * message that came in, or before each message that goes out.
 */
export const FaultMoment = v.picklist(['open', 'received', 'sending'])
export type FaultMoment = v.InferOutput<typeof FaultMoment>

/** `in`: what the server reads of the client. `out`: what it writes. */
export const FaultDirection = v.picklist(['out', 'in', 'both'])
export type FaultDirection = v.InferOutput<typeof FaultDirection>

const common = {
  /** Unique among the faults of its route or client. */
  id: v.pipe(v.string(), v.minLength(1), v.maxLength(40)),
  enabled: v.boolean(),
  /** From 0 to 1: of the occasions on which it could strike. */
  probability: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  /** How often it strikes each client at most; `null` for no limit. */
  count: v.nullable(count(1, 1_000_000)),
}

/** Strikes on every message or control frame that goes out. */
const onSending = <Kind extends string, Entries extends v.ObjectEntries>(
  kind: Kind,
  entries: Entries,
) => v.strictObject({ ...common, kind: v.literal(kind), ...entries })

/** Strikes at a moment of its own, `after` milliseconds later. */
const atMoment = <Kind extends string, Entries extends v.ObjectEntries>(
  kind: Kind,
  entries: Entries,
) =>
  v.strictObject({
    ...common,
    kind: v.literal(kind),
    at: FaultMoment,
    after: milliseconds,
    ...entries,
  })

export const HeaderLine = v.strictObject({ name: text(1000), value: text(10_000) })
export type HeaderLine = v.InferOutput<typeof HeaderLine>

/** One way to misbehave. What each does, and what a correct client does, stands in {@link faultWords}. */
export const Fault = v.variant('kind', [
  // Timing.
  onSending('delay', {
    /** Milliseconds before what is sent reaches the socket; the order stays. */
    delay: milliseconds,
    /** Added to it: nothing, evenly from 0 to `spread`, or normally distributed with that deviation. */
    jitter: v.picklist(['none', 'uniform', 'normal']),
    spread: milliseconds,
  }),
  onSending('bandwidth', {
    bytesPerSecond: count(1, 1_000_000_000),
    direction: FaultDirection,
  }),
  atMoment('stall', {
    /** Milliseconds in which nothing passes; 0 for the rest of the connection. */
    duration: milliseconds,
    direction: FaultDirection,
  }),
  onSending('slow-handshake', { delay: milliseconds }),

  // Messages: whole ones of the server's, whatever their fragments.
  onSending('drop', {}),
  onSending('duplicate', { copies: count(1, 100) }),
  onSending('reorder', {
    /** Messages that overtake it. */
    distance: count(1, 100),
  }),
  onSending('truncate', { bytes: count(0, 100_000_000) }),
  onSending('corrupt', { bytes: count(1, 1000) }),
  onSending('split', { fragments: count(2, 1000) }),
  onSending('merge', { messages: count(2, 100) }),
  onSending('oversize', { bytes: count(1, 200_000_000) }),

  // Connection.
  atMoment('close', { code: count(0, 65_535), reason: text(200) }),
  atMoment('terminate', { how: v.picklist(['fin', 'rst']) }),
  onSending('ignore-close', {}),
  onSending('ignore-ping', {}),
  atMoment('ping-storm', { pings: count(1, 100_000), perSecond: count(1, 100_000) }),
  atMoment('half-open', {}),
  onSending('refuse-after', { connections: count(0, 1_000_000) }),
  onSending('limit', { connections: count(0, 1_000_000) }),

  // Handshake.
  onSending('status', {
    status: count(100, 999),
    headers: v.pipe(v.array(HeaderLine), v.maxLength(50)),
    body: text(100_000),
  }),
  onSending('accept', { accept: v.picklist(['wrong', 'missing']) }),
  onSending('subprotocol', { protocol: text(100) }),
  onSending('extension', { extension: text(200) }),
  onSending('http-1.0', {}),
  onSending('garbage', { bytes: count(1, 100_000) }),

  // Protocol.
  atMoment('masked', {}),
  atMoment('reserved-opcode', { opcode: count(0, 15) }),
  atMoment('rsv', { bits: count(1, 7) }),
  atMoment('invalid-utf8', {}),
  atMoment('fragmented-control', {}),
  atMoment('oversized-control', { bytes: count(126, 100_000) }),
  atMoment('stray-continuation', {}),
  atMoment('non-minimal-length', {}),
  atMoment('short-close', {}),
])
export type Fault = v.InferOutput<typeof Fault>
export type FaultKind = Fault['kind']
export type FaultOf<Kind extends FaultKind> = Extract<Fault, { kind: Kind }>

/** Faults of one route or client, in the order they act. */
export const Faults = v.pipe(
  v.array(Fault),
  v.maxLength(50),
  v.check(
    (faults) => new Set(faults.map(({ id }) => id)).size === faults.length,
    'every fault needs an id of its own',
  ),
)

export type FaultGroup = 'timing' | 'messages' | 'connection' | 'handshake' | 'protocol'

export interface FaultWords {
  readonly group: FaultGroup
  /** As it is named in a list. */
  readonly label: string
  /** What the server does. */
  readonly does: string
  /** What a correct client does then, with the section that says so. */
  readonly client: string
}

/** Every fault in words, in the order they are offered. */
export const faultWords: Readonly<Record<FaultKind, FaultWords>> = {
  delay: {
    group: 'timing',
    label: 'Delay',
    does: 'Everything it sends comes later, in the same order.',
    client: 'Waits. Its own timeouts should be longer than the delay it wants to survive.',
  },
  bandwidth: {
    group: 'timing',
    label: 'Bandwidth limit',
    does: 'It sends, or reads, no more than so many bytes a second.',
    client:
      'Sending to a slow reader, it watches bufferedAmount and sends less. Reading, it handles a frame that comes in many pieces.',
  },
  stall: {
    group: 'timing',
    label: 'Stall',
    does: 'Nothing passes for a while, then all that waited.',
    client:
      'Notices silence with a ping of its own or a timeout, and does not lose messages once they come.',
  },
  'slow-handshake': {
    group: 'timing',
    label: 'Slow handshake',
    does: 'The answer to the upgrade request comes late.',
    client: 'Stays CONNECTING, sends nothing, and gives up after a time of its own choice.',
  },
  drop: {
    group: 'messages',
    label: 'Drop',
    does: 'A message is not sent.',
    client:
      'Cannot know. A protocol that must not lose messages numbers them or asks for receipts.',
  },
  duplicate: {
    group: 'messages',
    label: 'Duplicate',
    does: 'A message is sent again right after itself.',
    client: 'Delivers all of them; handling one twice must do no harm.',
  },
  reorder: {
    group: 'messages',
    label: 'Reorder',
    does: 'A message is overtaken by later ones.',
    client: 'Delivers them as they come. What depends on order carries a number.',
  },
  truncate: {
    group: 'messages',
    label: 'Truncate',
    does: 'A message ends early, in a frame that is whole.',
    client:
      'Reports what does not parse instead of throwing. A text cut within a character is invalid UTF-8: it fails the connection with 1007 (RFC 6455 section 8.1).',
  },
  corrupt: {
    group: 'messages',
    label: 'Corrupt bytes',
    does: 'Bytes of a payload are changed.',
    client:
      'Fails the connection with 1007 when a text is no longer UTF-8 (RFC 6455 section 8.1); otherwise its application checks what it reads.',
  },
  split: {
    group: 'messages',
    label: 'Split into fragments',
    does: 'A message comes in several frames.',
    client: 'Delivers one message when the last has come (RFC 6455 section 5.4).',
  },
  merge: {
    group: 'messages',
    label: 'Merge',
    does: 'Messages of one type come as one, their payloads joined.',
    client:
      'Delivers one message. One that expects a single JSON value must report that more follows.',
  },
  oversize: {
    group: 'messages',
    label: 'Oversized',
    does: 'A message is filled up to a size.',
    client:
      'Fails the connection with 1009 when it is more than it takes (RFC 6455 section 7.4.1), without reading it all first.',
  },
  close: {
    group: 'connection',
    label: 'Close with a code',
    does: 'A close frame with any code and reason, also those that must not be sent.',
    client:
      'Answers with a close frame and reports the code. One that must not be on the wire (0 to 999, 1004, 1005, 1006, 1015) is a protocol error: it fails the connection with 1002 (RFC 6455 section 7.4).',
  },
  terminate: {
    group: 'connection',
    label: 'Terminate',
    does: 'The TCP connection ends without a closing handshake, with a FIN or a reset.',
    client: 'Reports 1006, not clean (RFC 6455 section 7.1.5), and connects again after a pause.',
  },
  'ignore-close': {
    group: 'connection',
    label: 'Never answer close',
    does: 'A close frame of the client gets no answer.',
    client: 'Closes the TCP connection itself after a while, and reports 1006.',
  },
  'ignore-ping': {
    group: 'connection',
    label: 'Never answer ping',
    does: 'A ping of the client gets no pong.',
    client: 'One that pings takes the connection for dead after a time and connects again.',
  },
  'ping-storm': {
    group: 'connection',
    label: 'Ping storm',
    does: 'Many pings in a short time.',
    client:
      'Answers; a pong for the latest ping is enough (RFC 6455 section 5.5.3). Its own messages still pass.',
  },
  'half-open': {
    group: 'connection',
    label: 'Half-open silence',
    does: 'It neither sends nor reads any more, and the TCP connection stays.',
    client: 'Notices by a ping without pong or by its own timeout; TCP alone tells it nothing.',
  },
  'refuse-after': {
    group: 'connection',
    label: 'Refuse after',
    does: 'After so many connections all further ones are answered with 503.',
    client: 'Reports the failed handshake and tries again, with pauses that grow.',
  },
  limit: {
    group: 'connection',
    label: 'Connection limit',
    does: 'While so many are connected, another is answered with 503.',
    client: 'Reports the failed handshake and tries again, with pauses that grow.',
  },
  status: {
    group: 'handshake',
    label: 'Another status',
    does: 'The upgrade request gets an ordinary HTTP answer.',
    client:
      'Fails the connection. It may follow a redirect or authenticate after 401 (RFC 6455 section 4.1); a browser does neither.',
  },
  accept: {
    group: 'handshake',
    label: 'Sec-WebSocket-Accept',
    does: 'The key in the answer is wrong or missing.',
    client: 'Fails the connection (RFC 6455 section 4.1, item 4).',
  },
  subprotocol: {
    group: 'handshake',
    label: 'Unrequested subprotocol',
    does: 'The answer chooses a subprotocol that was not offered.',
    client: 'Fails the connection (RFC 6455 section 4.1, item 6).',
  },
  extension: {
    group: 'handshake',
    label: 'Unrequested extension',
    does: 'The answer accepts an extension that was not offered.',
    client: 'Fails the connection (RFC 6455 section 4.1, item 5).',
  },
  'http-1.0': {
    group: 'handshake',
    label: 'HTTP/1.0',
    does: 'The answer says HTTP/1.0 101.',
    client: 'Fails the connection: the handshake needs HTTP/1.1 (RFC 6455 section 4.1).',
  },
  garbage: {
    group: 'handshake',
    label: 'Garbage',
    does: 'The answer is random bytes.',
    client: 'Fails the connection, and does not wait for ever for a line to end.',
  },
  masked: {
    group: 'protocol',
    label: 'Masked frame',
    does: 'A frame of the server’s is masked.',
    client: 'Fails the connection, with 1002 (RFC 6455 section 5.1).',
  },
  'reserved-opcode': {
    group: 'protocol',
    label: 'Opcode',
    does: 'A frame with an opcode of choice; 3 to 7 and 11 to 15 are reserved.',
    client: 'Fails the connection on a reserved one, with 1002 (RFC 6455 section 5.2).',
  },
  rsv: {
    group: 'protocol',
    label: 'RSV bits',
    does: 'A frame with reserved bits set.',
    client:
      'Fails the connection, with 1002, unless an extension gives the bit a meaning (RFC 6455 section 5.2).',
  },
  'invalid-utf8': {
    group: 'protocol',
    label: 'Invalid UTF-8',
    does: 'A text message that is not UTF-8.',
    client: 'Fails the connection, with 1007 (RFC 6455 section 8.1).',
  },
  'fragmented-control': {
    group: 'protocol',
    label: 'Fragmented control frame',
    does: 'A ping in two fragments.',
    client: 'Fails the connection, with 1002 (RFC 6455 section 5.5).',
  },
  'oversized-control': {
    group: 'protocol',
    label: 'Oversized control frame',
    does: 'A ping of more than 125 bytes.',
    client: 'Fails the connection, with 1002 (RFC 6455 section 5.5).',
  },
  'stray-continuation': {
    group: 'protocol',
    label: 'Stray continuation',
    does: 'A continuation frame without a message to continue.',
    client: 'Fails the connection, with 1002 (RFC 6455 section 5.4).',
  },
  'non-minimal-length': {
    group: 'protocol',
    label: 'Non-minimal length',
    does: 'A frame whose length takes more bytes than it needs.',
    client:
      'The minimal form is required (RFC 6455 section 5.2), yet few clients check it: most deliver the message.',
  },
  'short-close': {
    group: 'protocol',
    label: 'Close payload of one byte',
    does: 'A close frame with half a status code.',
    client: 'Fails the connection, with 1002 (RFC 6455 section 5.5.1).',
  },
}
