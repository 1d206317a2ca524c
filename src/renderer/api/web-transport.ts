import { decodeMessage, encodeMessage } from '@shared/codec'
import { AppError } from '@shared/errors'
import type { Envelope, Transport } from '@shared/transport'

const longestPause = 5_000

/** The engine of the browser host, over one WebSocket that comes back by itself when it is lost. */
export function createWebTransport(url: string, token: string): Transport {
  const pending = new Map<
    number,
    { resolve: (envelope: Envelope) => void; reject: (error: AppError) => void }
  >()
  const eventListeners = new Set<(name: string, payload: unknown) => void>()
  const connectedListeners = new Set<(connected: boolean) => void>()
  /** Calls made before the socket opened. */
  let waiting: Uint8Array<ArrayBuffer>[] = []
  let nextId = 1
  let pause = 250
  let socket = open()

  function open(): WebSocket {
    const next = new WebSocket(url, ['framescope.v1', `token.${token}`])
    next.binaryType = 'arraybuffer'
    next.addEventListener('open', () => {
      pause = 250
      for (const bytes of waiting) next.send(bytes)
      waiting = []
      for (const listener of connectedListeners) listener(true)
    })
    next.addEventListener('message', (event: MessageEvent<ArrayBuffer>) => {
      receive(new Uint8Array(event.data))
    })
    next.addEventListener('close', () => {
      const lost = new AppError(
        'BACKEND_GONE',
        'Framescope’s engine is out of reach. Start it again and reload this page.',
      )
      for (const call of pending.values()) call.reject(lost)
      pending.clear()
      waiting = []
      for (const listener of connectedListeners) listener(false)
      setTimeout(() => (socket = open()), pause)
      pause = Math.min(pause * 2, longestPause)
    })
    return next
  }

  function receive(bytes: Uint8Array) {
    const message = decodeMessage(bytes)
    if (message.kind === 'event') {
      for (const listener of eventListeners) listener(message.name, message.payload)
    } else if (message.kind === 'reply') {
      pending.get(message.id)?.resolve(message.envelope)
      pending.delete(message.id)
    }
  }

  return {
    call(name, input) {
      return new Promise((resolve, reject) => {
        const id = nextId++
        pending.set(id, { resolve, reject })
        const bytes = encodeMessage({ kind: 'call', id, name, input })
        if (socket.readyState === WebSocket.OPEN) socket.send(bytes)
        else waiting.push(bytes)
      })
    },
    on(listener) {
      eventListeners.add(listener)
      return () => eventListeners.delete(listener)
    },
    onConnectedChange(listener) {
      connectedListeners.add(listener)
      return () => connectedListeners.delete(listener)
    },
  }
}
