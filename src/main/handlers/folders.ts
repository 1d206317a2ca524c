import { AppError } from '@shared/errors'
import type { Host } from '../host'
import type { FolderStore } from '../storage/folder-store'
import type { HandlersOf } from './handlers-of'

export interface FolderParts {
  readonly host: Host
  readonly folders: FolderStore
}

export function folderHandlers({ host, folders }: FolderParts): HandlersOf<'folders'> {
  return {
    'folders.list': () => folders.list(),
    async 'folders.choose'() {
      if (!host.chooseFolder)
        throw new AppError(
          'CAPABILITY_ABSENT',
          'A browser cannot choose folders of this machine. Start Framescope with --allow-dir and the folder.',
        )
      const path = await host.chooseFolder()
      return path === null ? null : folders.add(path)
    },
  }
}
