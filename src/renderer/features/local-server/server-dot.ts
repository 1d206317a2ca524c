import type { ServerState } from '@shared/model/local-server'

type Phase = ServerState['phase']

/** The state of a server in words. */
export const phaseNames: Readonly<Record<Phase, string>> = {
  stopped: 'Stopped',
  starting: 'Starting',
  running: 'Running',
  stopping: 'Stopping',
}

/** The shape it has. */
export const phaseDots: Readonly<Record<Phase, 'idle' | 'busy' | 'open'>> = {
  stopped: 'idle',
  starting: 'busy',
  running: 'open',
  stopping: 'busy',
}
