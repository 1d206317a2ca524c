import type { ServerState } from '@shared/model/local-server'

const loopback = /^wss?:\/\/(127\.|localhost|\[::1\])/

/** Whether other machines reach a server: `now`, from its next start on (`later`), or `never`. */
export function reachOf({
  phase,
  config,
  restartNeeded,
  urls,
}: ServerState): 'now' | 'later' | 'never' {
  const later = config.allInterfaces ? 'later' : 'never'
  if (phase === 'stopped') return later
  if (!restartNeeded) return config.allInterfaces ? 'now' : 'never'
  // What it listens on differs from its configuration; where it can be reached does not lie.
  return urls.some((url) => !loopback.test(url)) ? 'now' : later
}
