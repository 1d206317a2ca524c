import type { Counters } from '@shared/model/connection'

export function noCounters(): Counters {
  return { messagesIn: 0, messagesOut: 0, bytesIn: 0, bytesOut: 0 }
}

export function addCounters(one: Counters, other: Counters): Counters {
  return {
    messagesIn: one.messagesIn + other.messagesIn,
    messagesOut: one.messagesOut + other.messagesOut,
    bytesIn: one.bytesIn + other.bytesIn,
    bytesOut: one.bytesOut + other.bytesOut,
  }
}
