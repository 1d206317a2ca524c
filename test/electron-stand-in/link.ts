import type { ChildProcess } from 'node:child_process'

type Handler = (...args: never[]) => unknown

interface Call {
  readonly type: 'call'
  readonly id: number
  readonly verb: string
  readonly args: unknown[]
}

interface Reply {
  readonly type: 'reply'
  readonly id: number
  readonly value?: unknown
  readonly error?: string
}

/** Calls both ways between the app's process and the one that holds the browser. */
export interface Link {
  call(verb: string, ...args: unknown[]): Promise<unknown>
  answer(verb: string, handler: Handler): void
}

/**
 * Over Node's own channel with structured clone, so that values cross as they cross Electron's.
 * A call to a process that is gone, or goes before it has answered, ends with nothing.
 */
export function createLink(end: ChildProcess | NodeJS.Process): Link {
  const handlers = new Map<string, Handler>()
  const pending = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (e: Error) => void }
  >()
  let calls = 0

  const send = (message: Call | Reply) => {
    // The other side may be gone before it says so; then nobody needs the message.
    if (end.connected) end.send?.(message, undefined, undefined, () => {})
  }

  async function answerCall({ id, verb, args }: Call): Promise<void> {
    try {
      const handler = handlers.get(verb)
      if (handler === undefined) throw new Error(`The Electron stand-in has no verb ${verb}`)
      send({ type: 'reply', id, value: await handler(...(args as never[])) })
    } catch (error) {
      send({ type: 'reply', id, error: error instanceof Error ? error.message : String(error) })
    }
  }

  const listen = (message: unknown) => {
    const { type } = message as Call | Reply
    if (type === 'call') void answerCall(message as Call)
    if (type !== 'reply') return
    const { id, value, error } = message as Reply
    const call = pending.get(id)
    pending.delete(id)
    if (error === undefined) call?.resolve(value)
    else call?.reject(new Error(error))
  }
  const emitter: NodeJS.EventEmitter = end
  emitter.on('message', listen)
  emitter.on('disconnect', () => {
    for (const { resolve } of pending.values()) resolve(undefined)
    pending.clear()
  })

  return {
    call(verb, ...args) {
      const id = ++calls
      if (!end.connected) return Promise.resolve()
      return new Promise((resolve, reject) => {
        pending.set(id, { resolve, reject })
        send({ type: 'call', id, verb, args })
      })
    },
    answer: (verb, handler) => void handlers.set(verb, handler),
  }
}
