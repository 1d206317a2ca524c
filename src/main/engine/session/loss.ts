import type { CloseFacts, Failure } from '@shared/model/connection'
import { describeFailure, type FailureContext } from './failure'

/** What is known of an open connection that ended without a completed closing handshake. */
export interface Loss {
  readonly by: CloseFacts['by']
  /** What the network reported, if anything. */
  readonly error: Error | null
  /** Whether the peer sent a close frame. */
  readonly closeFrameSeen: boolean
  /** Whether the peer ended its direction (FIN). */
  readonly peerEnded: boolean
  /** How long the peer had for its close frame, in milliseconds. */
  readonly closeTimeout: number | undefined
  readonly context: FailureContext
}

/** Why the connection was lost; `null` when the peer closed it and nothing went wrong here. */
export function describeLoss(loss: Loss): Failure | null {
  if (loss.error) return describeFailure('network', loss.error, loss.context)
  if (loss.closeFrameSeen) return null
  if (loss.peerEnded)
    return {
      step: 'network',
      code: '',
      message:
        loss.by === 'local'
          ? 'The peer ended the connection without answering the close frame.'
          : 'The peer ended the connection without a close frame.',
      hint: 'Its process may have stopped, or a proxy between may have given up; their logs may say why.',
    }
  if (loss.by === 'local') {
    const limit = loss.closeTimeout === undefined ? 'in time' : `within ${loss.closeTimeout} ms`
    return {
      step: 'timeout',
      code: '',
      message: `The peer did not answer the close frame ${limit}, so the connection was cut.`,
      hint: 'The peer may be busy or may not implement the closing handshake.',
    }
  }
  return {
    step: 'network',
    code: '',
    message: 'The connection was lost.',
    hint: 'Check the network connection.',
  }
}
