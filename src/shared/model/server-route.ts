import * as v from 'valibot'
import { Faults } from './server-fault'

const milliseconds = (least: number) =>
  v.pipe(v.number(), v.minValue(least), v.maxValue(24 * 60 * 60 * 1000))
const count = (least: number, most: number) =>
  v.pipe(v.number(), v.safeInteger(), v.minValue(least), v.maxValue(most))
const text = (most: number) => v.pipe(v.string(), v.maxLength(most))
const ownId = v.pipe(v.string(), v.minLength(1), v.maxLength(40))

/** Text with `{{fields}}`; see `template`. */
const Template = text(1024 * 1024)

/** Which messages a rule of a script is about. */
export const MessageMatch = v.variant('kind', [
  v.strictObject({ kind: v.literal('any') }),
  /** The message, as text, is this or has it somewhere; case matters. */
  v.strictObject({ kind: v.literal('text'), text: text(10_000), whole: v.boolean() }),
  /** As `new RegExp(source, flags)` finds something in the text; runs under a deadline. */
  v.strictObject({ kind: v.literal('regex'), source: text(1000), flags: text(8) }),
  /** A JSON message meets an expression of the filter language, such as `$.type == "hello"`. */
  v.strictObject({ kind: v.literal('jsonpath'), expression: text(1000) }),
])
export type MessageMatch = v.InferOutput<typeof MessageMatch>

/** One thing a script does; steps of a rule run one after the other. */
export const ScriptStep = v.variant('kind', [
  /** To the client the rule is about. */
  v.strictObject({ kind: v.literal('reply'), template: Template, as: v.picklist(['text', 'hex']) }),
  /** To every client of the route. */
  v.strictObject({
    kind: v.literal('broadcast'),
    template: Template,
    as: v.picklist(['text', 'hex']),
  }),
  v.strictObject({ kind: v.literal('wait'), milliseconds: milliseconds(0) }),
  v.strictObject({ kind: v.literal('ping'), payload: text(125) }),
  v.strictObject({ kind: v.literal('close'), code: count(1000, 4999), reason: text(123) }),
  v.strictObject({ kind: v.literal('terminate') }),
])
export type ScriptStep = v.InferOutput<typeof ScriptStep>

export const ScriptRule = v.strictObject({
  id: ownId,
  on: v.variant('kind', [
    v.strictObject({ kind: v.literal('open') }),
    v.strictObject({ kind: v.literal('message'), match: MessageMatch }),
  ]),
  steps: v.pipe(v.array(ScriptStep), v.maxLength(100)),
})
export type ScriptRule = v.InferOutput<typeof ScriptRule>

/** How a client gets into a room. */
export const RoomJoin = v.variant('by', [
  /** The value of a parameter of the route's path, `room` for `/rooms/:room`. */
  v.strictObject({ by: v.literal('path'), parameter: text(100) }),
  /** A text message that begins so; what follows names the room. It goes to nobody. */
  v.strictObject({ by: v.literal('prefix'), prefix: v.pipe(text(100), v.minLength(1)) }),
  /** A JSON message that has a value at this path, which names the room. It goes to nobody. */
  v.strictObject({ by: v.literal('jsonpath'), path: text(1000) }),
])
export type RoomJoin = v.InferOutput<typeof RoomJoin>

/** What a route does; several act one after the other. */
export const Behaviour = v.variant('kind', [
  /** Messages go back to their sender. */
  v.strictObject({ id: ownId, kind: v.literal('echo') }),
  /** Messages go to all clients of the route. */
  v.strictObject({ id: ownId, kind: v.literal('broadcast') }),
  /** Messages go to all clients of the route but their sender. */
  v.strictObject({ id: ownId, kind: v.literal('relay') }),
  /** Messages go to the clients in the sender's room. */
  v.strictObject({
    id: ownId,
    kind: v.literal('rooms'),
    join: RoomJoin,
    toSender: v.boolean(),
  }),
  /** Each client is sent a text again and again, for the first time after one interval. */
  v.strictObject({
    id: ownId,
    kind: v.literal('ticker'),
    interval: milliseconds(1),
    template: Template,
  }),
  /** The first rule that fits a message acts on it. */
  v.strictObject({
    id: ownId,
    kind: v.literal('script'),
    rules: v.pipe(v.array(ScriptRule), v.maxLength(100)),
  }),
])
export type Behaviour = v.InferOutput<typeof Behaviour>
export type BehaviourKind = Behaviour['kind']
export type BehaviourOf<Kind extends BehaviourKind> = Extract<Behaviour, { kind: Kind }>

/** What a client must bring to be accepted; one that does not is answered with 401. */
export const Requirement = v.strictObject({
  in: v.picklist(['header', 'query']),
  name: v.pipe(text(1000), v.minLength(1)),
  /** Empty: any value will do. */
  value: text(10_000),
})
export type Requirement = v.InferOutput<typeof Requirement>

/** Behaviour of a server for the WebSockets of some paths. */
export const Route = v.strictObject({
  /** Unique in its server; clients stay with it while it is edited. */
  id: ownId,
  /** See `matchPath`: `/chat` exactly, `/api/*` and what is below it, `/rooms/:room`, `*` for all. */
  path: v.pipe(text(1000), v.minLength(1)),
  behaviours: v.pipe(v.array(Behaviour), v.maxLength(20)),
  protocols: v.strictObject({
    /** Those it speaks; empty for any. */
    accepted: v.pipe(v.array(text(200)), v.maxLength(50)),
    /** Of several that both speak: the one the client named first, or the route. `none`: never any. */
    choose: v.picklist(['client', 'server', 'none']),
    /** Whether a client that offers none it speaks is answered with 400. */
    required: v.boolean(),
  }),
  deflate: v.strictObject({
    /** Whether permessage-deflate (RFC 7692) is accepted from clients that offer it. */
    enabled: v.boolean(),
    serverNoContextTakeover: v.boolean(),
    clientNoContextTakeover: v.boolean(),
    /** Bytes from which on a message is compressed. */
    threshold: count(0, 100_000_000),
  }),
  requires: v.pipe(v.array(Requirement), v.maxLength(20)),
  /** Longest message accepted, in bytes. */
  maxPayload: count(1, 1024 * 1024 * 1024),
  /** A text each client is sent when it opens; empty for none. */
  greeting: Template,
  keepAlive: v.strictObject({
    /** Milliseconds between pings; 0 sends none. */
    interval: milliseconds(0),
    /** Pings in a row without a pong after which the client is dropped; 0: it never is. */
    misses: count(0, 1000),
  }),
  buffer: v.strictObject({
    /** Bytes that may wait for a client that does not read. */
    limit: count(1024, 1024 * 1024 * 1024),
    /** Beyond: its own messages are not read, messages to it are dropped, or it is closed with 1008. */
    policy: v.picklist(['pause', 'drop', 'close']),
  }),
  faults: Faults,
  /** Where the random numbers of its faults begin: the same seed makes the same run. */
  seed: count(0, 0xffff_ffff),
})
export type Route = v.InferOutput<typeof Route>

/** A whole HTTP answer. */
export const HttpAnswer = v.strictObject({
  status: count(200, 599),
  headers: v.pipe(
    v.array(v.strictObject({ name: text(1000), value: text(10_000) })),
    v.maxLength(50),
  ),
  body: text(1024 * 1024),
})
export type HttpAnswer = v.InferOutput<typeof HttpAnswer>

/** What requests that ask for no WebSocket get at some paths. */
export const PlainRoute = v.strictObject({
  id: ownId,
  path: v.pipe(text(1000), v.minLength(1)),
  answer: v.variant('kind', [
    v.strictObject({ kind: v.literal('fixed'), ...HttpAnswer.entries }),
    /** Files of a folder by the rest of the path; `index.html` for a folder; never a listing. */
    v.strictObject({
      kind: v.literal('folder'),
      /** Which of the folders that were chosen on this machine; `null` until one was. */
      folderId: v.nullable(v.pipe(v.string(), v.maxLength(100))),
    }),
  ]),
})
export type PlainRoute = v.InferOutput<typeof PlainRoute>

/** What a WebSocket gets that asks for a path without a route. */
export const OtherPaths = v.variant('kind', [
  v.strictObject({ kind: v.literal('destroy') }),
  v.strictObject({ kind: v.literal('answer'), ...HttpAnswer.entries }),
])
export type OtherPaths = v.InferOutput<typeof OtherPaths>

/** What a server does with whoever connects; all of it can change while it runs. */
export const ServerPlan = v.strictObject({
  routes: v.pipe(
    v.array(Route),
    v.maxLength(50),
    v.check(
      (routes) => new Set(routes.map(({ id }) => id)).size === routes.length,
      'every route needs an id of its own',
    ),
  ),
  otherPaths: OtherPaths,
  /** The first that fits a path answers; without one, 426 does. */
  plain: v.pipe(v.array(PlainRoute), v.maxLength(50)),
})
export type ServerPlan = v.InferOutput<typeof ServerPlan>

/** A route that accepts everybody and does nothing yet. */
export function newRoute(id: string, path: string): Route {
  return {
    id,
    path,
    behaviours: [],
    protocols: { accepted: [], choose: 'client', required: false },
    deflate: {
      // Off as in `ws` itself: compressing every small message would slow an echo many times over.
      enabled: false,
      serverNoContextTakeover: false,
      clientNoContextTakeover: false,
      threshold: 1024,
    },
    requires: [],
    maxPayload: 100 * 1024 * 1024,
    greeting: '',
    keepAlive: { interval: 30_000, misses: 1 },
    buffer: { limit: 16 * 1024 * 1024, policy: 'pause' },
    faults: [],
    seed: 1,
  }
}
