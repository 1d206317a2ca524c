import { everything } from '@shared/model/frame-filter'
import { defaultConfig, emptyDraft } from '@shared/model/connection'
import { Connection } from '../../../src/main/engine/session/connection'
import { dial } from '../../../src/main/engine/session/dial'
import { deferred } from '../deferred'
import { benchClient, startEngine } from './engine'

/** Answers requests of the parent process while a flood without end comes in. */
export async function commandsUnderFlood({ url }: { readonly url: string }): Promise<object> {
  const engine = await startEngine()
  const closed = deferred()
  const opened = deferred()
  const connection = new Connection({
    id: 'bench',
    name: 'bench',
    profileId: null,
    config: { ...defaultConfig(url), pingInterval: 0, closeTimeout: 10_000 },
    draft: emptyDraft(),
    log: engine.log,
    dial: (request) => dial({ ...request, secrets: () => undefined }),
    listener: {
      onState() {
        const { phase } = connection.model.state
        if (phase === 'open') opened.resolve()
        if (phase === 'closed') closed.resolve()
      },
      onActivity: () => undefined,
      onLatency: () => undefined,
      onSnapshotChanged: () => undefined,
    },
  })
  const commands: Readonly<Record<string, () => unknown>> = {
    // What Pause asks for: the state of the view, from then on looked at no more.
    pause: () => engine.views.find(engine.viewId, benchClient).state(),
    filter: () =>
      engine.views.setFilter(engine.viewId, { ...everything(), query: 'ACME' }, benchClient),
    unfilter: () => engine.views.setFilter(engine.viewId, everything(), benchClient),
    disconnect: () => connection.disconnect(),
    // Until the peer has answered the close frame, behind everything it has already sent.
    closed: () => closed.promise,
  }
  process.on('message', (request: string) => {
    void Promise.resolve(commands[request]?.()).then((answer) =>
      process.send?.({ answer: answer ?? null }),
    )
  })
  connection.connect()
  await opened.promise
  process.send?.({ ready: true })
  await closed.promise
  const { messagesIn } = connection.model.counters
  // The answer to `closed` goes out first.
  await new Promise((resolve) => setTimeout(resolve, 50))
  await connection.dispose()
  await engine.dispose()
  process.removeAllListeners('message')
  return { messagesIn }
}
