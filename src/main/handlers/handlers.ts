import type { Handlers } from '@shared/contract'
import { appHandlers, type AppParts } from './app'
import { captureHandlers, type CaptureParts } from './captures'
import { certificateHandlers, type CertificateParts } from './certificates'
import { connectionHandlers, type ConnectionParts } from './connections'
import { decodeHandlers, type DecodeParts } from './decode'
import { exportHandlers, type ExportParts } from './exports'
import { fileHandlers } from './files'
import { folderHandlers, type FolderParts } from './folders'
import { frameHandlers, type FrameParts } from './frames'
import { profileHandlers, type ProfileParts } from './profiles'
import { secretHandlers } from './secrets'
import { serverHandlers, type ServerParts } from './servers'
import { settingsHandlers, type SettingsParts } from './settings'

/** Everything the handlers of all nouns work with. */
export type HandlerParts = AppParts &
  ProfileParts &
  ConnectionParts &
  ServerParts &
  CertificateParts &
  FolderParts &
  SettingsParts &
  FrameParts &
  ExportParts &
  DecodeParts &
  CaptureParts

export function createHandlers(parts: HandlerParts): Handlers {
  return {
    ...appHandlers(parts),
    ...settingsHandlers(parts),
    ...profileHandlers(parts),
    ...secretHandlers(parts.secrets),
    ...connectionHandlers(parts),
    ...serverHandlers(parts),
    ...certificateHandlers(parts),
    ...folderHandlers(parts),
    ...frameHandlers(parts),
    ...exportHandlers(parts),
    ...decodeHandlers(parts),
    ...captureHandlers(parts),
    ...fileHandlers(parts.files),
  }
}
