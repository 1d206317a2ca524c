import type { EventName, EventPayload } from '@shared/contract'

/** Bytes a page may leave unread before newer events start to replace older ones. */
const unreadLimit = 8 * 1024 * 1024

/** How often a full socket is looked at again, in milliseconds. */
const retryInterval = 50

/** What carries the events: one page's socket. */
export interface EventSink {
  readonly bufferedAmount: number
  send(name: EventName, payload: unknown): void
}

export interface EventOutbox {
  push(name: EventName, payload: unknown): void
  dispose(): void
}

/**
 * Hands events to a page. Every event carries a whole state, so while the page does not read (a
 * breakpoint, a sleeping tab) only the latest of each subject waits, and memory stays bounded.
 */
export function createEventOutbox(sink: EventSink): EventOutbox {
  const waiting = new Map<string, { name: EventName; payload: unknown }>()
  let timer: NodeJS.Timeout | undefined

  const flush = (): void => {
    for (const [subject, { name, payload }] of waiting) {
      if (sink.bufferedAmount > unreadLimit) break
      waiting.delete(subject)
      sink.send(name, payload)
    }
    if (waiting.size === 0) {
      clearInterval(timer)
      timer = undefined
    }
  }

  return {
    push(name, payload) {
      if (waiting.size === 0 && sink.bufferedAmount <= unreadLimit) {
        sink.send(name, payload)
        return
      }
      const subject = `${name} ${subjectOf(name, payload)}`
      // Deleted first, so that it moves behind what happened before it.
      waiting.delete(subject)
      waiting.set(subject, { name, payload })
      timer ??= setInterval(flush, retryInterval)
    },
    dispose() {
      clearInterval(timer)
      waiting.clear()
    },
  }
}

const subjects: { readonly [Name in EventName]?: (payload: EventPayload<Name>) => string } = {
  'frames.grew': ({ state }) => state.viewId,
  'connections.changed': ({ id }) => id,
  'connections.removed': ({ connectionId }) => connectionId,
  'latency.changed': ({ connectionId }) => connectionId,
  'servers.changed': ({ id }) => id,
  'servers.removed': ({ serverId }) => serverId,
  'servers.clientsChanged': ({ serverId }) => serverId,
}

function subjectOf(name: EventName, payload: unknown): string {
  const subject = subjects[name] as ((payload: unknown) => string) | undefined
  return subject?.(payload) ?? ''
}
