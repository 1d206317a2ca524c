import { defaultConfig, defaultUrl } from '@shared/model/connection'
import type { Profile } from '@shared/model/profile'

/** What the list of profiles begins with. All of them reach the app's own local server, offline too. */
export function profileStarters(): Profile[] {
  const local = defaultConfig(defaultUrl)
  return [
    { id: 'starter-local-echo', name: 'Local echo', config: local },
    {
      id: 'starter-reconnecting',
      name: 'Local echo, reconnecting',
      config: { ...local, retry: { ...local.retry, enabled: true } },
    },
  ]
}
