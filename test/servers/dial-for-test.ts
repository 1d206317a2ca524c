import { dial } from '../../src/main/engine/session/dial'
import type { Session, SessionEnd, SessionListener } from '../../src/main/engine/session/session'
import {
  defaultConfig,
  type ConnectionConfig,
  type ConnectStep,
  type HandshakeFacts,
} from '../../src/shared/model/connection'
import { recordLog, type RecordedLog } from './recorded-log'
import type { TestServer } from './test-server'

/** A session under test with what it reported. */
export interface Dialed {
  readonly session: Session
  readonly log: RecordedLog
  readonly steps: ConnectStep[]
  readonly messages: string[]
  readonly opened: Promise<HandshakeFacts>
  readonly closing: Promise<void>
  /** The end; rejects should it be told twice. */
  readonly closed: Promise<SessionEnd>
  /** How often the end was told. */
  readonly ends: SessionEnd[]
}

/** Dials with the default configuration, changed where told. */
export function dialForTest(
  url: string,
  config: Partial<ConnectionConfig> = {},
  options: {
    readonly listener?: SessionListener
    readonly secrets?: (reference: string) => string | undefined
    readonly log?: RecordedLog
  } = {},
): Dialed {
  const { listener = {}, secrets = () => undefined, log = recordLog() } = options
  const steps: ConnectStep[] = []
  const messages: string[] = []
  const ends: SessionEnd[] = []
  const opened = deferred<HandshakeFacts>()
  const closing = deferred<void>()
  const closed = deferred<SessionEnd>()
  // A test that waits for the end only is not bothered by an opening that never comes.
  opened.promise.catch(() => undefined)
  const session = dial({
    config: { ...defaultConfig(url), ...config },
    secrets,
    log,
    listener: {
      ...listener,
      onStep(step) {
        steps.push(step)
        listener.onStep?.(step)
      },
      onOpen(handshake) {
        listener.onOpen?.(handshake)
        opened.resolve(handshake)
      },
      onClosing: () => closing.resolve(),
      onMessage(opcode, payload) {
        messages.push(Buffer.from(payload).toString('utf8'))
        listener.onMessage?.(opcode, payload)
      },
      onClosed(end) {
        ends.push(end)
        opened.reject(new Error(`It never opened: ${JSON.stringify(end.failure)}`))
        closed.resolve(end)
      },
    },
  })
  return {
    session,
    log,
    steps,
    messages,
    opened: opened.promise,
    closing: closing.promise,
    closed: closed.promise,
    ends,
  }
}

/** Starts servers and closes them after each test. */
export function serversForTest(afterEach: (hook: () => Promise<void>) => void): {
  serve(starting: Promise<TestServer>): Promise<TestServer>
} {
  const running: TestServer[] = []
  afterEach(async () => {
    for (const server of running.splice(0)) await server.close()
  })
  return {
    async serve(starting) {
      const server = await starting
      running.push(server)
      return server
    },
  }
}

function deferred<Value>() {
  let resolve: (value: Value) => void = () => undefined
  let reject: (error: Error) => void = () => undefined
  const promise = new Promise<Value>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  return { promise, resolve, reject }
}
