import type { Connection } from '@shared/model/connection'

/** The shape a connection's state has wherever it is shown. */
export function dotOf(connection: Connection | undefined): 'open' | 'busy' | 'failed' | 'idle' {
  if (!connection) return 'idle'
  const { phase, failure, refusal, close, nextAttemptAt } = connection.state
  if (phase === 'open') return 'open'
  if (phase !== 'closed' || nextAttemptAt !== null) return 'busy'
  return failure !== null || refusal !== null || close?.clean === false ? 'failed' : 'idle'
}
