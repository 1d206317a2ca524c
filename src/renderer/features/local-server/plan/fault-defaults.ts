import type { Fault, FaultKind } from '@shared/model/server-fault'

/** Strikes at every occasion, with no limit. */
const always = { enabled: true, probability: 1, count: null } as const
/** Strikes now and then. */
const sometimes = { enabled: true, probability: 0.1, count: null } as const
/** Ends a connection or breaks it for good, so that more than once would show nothing. */
const once = { enabled: true, probability: 1, count: 1 } as const

const soon = { at: 'open', after: 1000 } as const
const onMessage = { at: 'received', after: 0 } as const

/** A fault as it is when it is added: one that shows what it does with the next client or message. */
export function newFault(kind: FaultKind, id: string): Fault {
  switch (kind) {
    case 'delay':
      return { ...always, id, kind, delay: 500, jitter: 'uniform', spread: 250 }
    case 'bandwidth':
      return { ...always, id, kind, bytesPerSecond: 10_000, direction: 'out' }
    case 'stall':
      return { ...sometimes, ...onMessage, id, kind, duration: 5000, direction: 'both' }
    case 'slow-handshake':
      return { ...always, id, kind, delay: 3000 }
    case 'drop':
      return { ...sometimes, id, kind }
    case 'duplicate':
      return { ...sometimes, id, kind, copies: 1 }
    case 'reorder':
      return { ...sometimes, id, kind, distance: 1 }
    case 'truncate':
      return { ...sometimes, id, kind, bytes: 10 }
    case 'corrupt':
      return { ...sometimes, id, kind, bytes: 1 }
    case 'split':
      return { ...always, id, kind, fragments: 3 }
    case 'merge':
      return { ...always, id, kind, messages: 2 }
    case 'oversize':
      return { ...once, id, kind, bytes: 1024 * 1024 }
    case 'close':
      return { ...once, ...soon, id, kind, code: 1011, reason: '' }
    case 'terminate':
      return { ...once, ...soon, id, kind, how: 'rst' }
    case 'ignore-close':
    case 'ignore-ping':
      return { ...always, id, kind }
    case 'ping-storm':
      return { ...once, ...soon, id, kind, pings: 1000, perSecond: 1000 }
    case 'half-open':
      return { ...once, ...soon, id, kind }
    case 'refuse-after':
    case 'limit':
      return { ...always, id, kind, connections: 5 }
    case 'status':
      return {
        ...always,
        id,
        kind,
        status: 503,
        headers: [{ name: 'Content-Type', value: 'text/plain; charset=utf-8' }],
        body: 'The service is not available.\n',
      }
    case 'accept':
      return { ...always, id, kind, accept: 'wrong' }
    case 'subprotocol':
      return { ...always, id, kind, protocol: 'not-offered' }
    case 'extension':
      return { ...always, id, kind, extension: 'x-not-offered' }
    case 'http-1.0':
      return { ...always, id, kind }
    case 'garbage':
      return { ...always, id, kind, bytes: 256 }
    case 'reserved-opcode':
      return { ...once, ...onMessage, id, kind, opcode: 3 }
    case 'rsv':
      return { ...once, ...onMessage, id, kind, bits: 1 }
    case 'oversized-control':
      return { ...once, ...onMessage, id, kind, bytes: 126 }
    case 'masked':
    case 'invalid-utf8':
    case 'fragmented-control':
    case 'stray-continuation':
    case 'non-minimal-length':
    case 'short-close':
      return { ...once, ...onMessage, id, kind }
  }
}
