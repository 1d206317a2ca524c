import type { Handlers } from '@shared/contract'
import { appHandlers, type AppParts } from './app'
import { connectionHandlers, type ConnectionParts } from './connections'
import { fileHandlers } from './files'
import { frameHandlers, type FrameParts } from './frames'
import { profileHandlers, type ProfileParts } from './profiles'
import { secretHandlers } from './secrets'
import { serverHandlers, type ServerParts } from './server'
import { settingsHandlers } from './settings'

/** Everything the handlers of all nouns work with. */
export type HandlerParts = AppParts & ProfileParts & ConnectionParts & ServerParts & FrameParts

export function createHandlers(parts: HandlerParts): Handlers {
  return {
    ...appHandlers(parts),
    ...settingsHandlers(parts),
    ...profileHandlers(parts),
    ...secretHandlers(parts.secrets),
    ...connectionHandlers(parts),
    ...serverHandlers(parts),
    ...frameHandlers(parts),
    ...fileHandlers(parts.files),
  }
}
