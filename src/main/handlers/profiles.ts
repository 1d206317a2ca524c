import type { EventHub } from '../event-hub'
import type { ProfileStore } from '../storage/profile-store'
import type { HandlersOf } from './handlers-of'

export interface ProfileParts {
  readonly profiles: ProfileStore
  readonly hub: EventHub
}

export function profileHandlers({ profiles, hub }: ProfileParts): HandlersOf<'profiles'> {
  async function telling<Result>(change: Promise<Result>): Promise<Result> {
    const result = await change
    hub.emit('profiles.changed', profiles.list())
    return result
  }
  return {
    'profiles.list': () => profiles.list(),
    'profiles.create': ({ name, config }) => telling(profiles.create(name, config)),
    'profiles.update': ({ profileId, ...part }) => telling(profiles.update(profileId, part)),
    'profiles.duplicate': ({ profileId }) => telling(profiles.duplicate(profileId)),
    'profiles.delete': ({ profileId }) => telling(profiles.delete(profileId)),
    'profiles.restore': ({ profileId }) => telling(profiles.restore(profileId)),
    'profiles.move': ({ profileId, index }) => telling(profiles.move(profileId, index)),
  }
}
