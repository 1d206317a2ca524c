import type { AppInfo } from '@shared/contract'
import { AppError } from '@shared/errors'
import type { Host } from '../host'
import type { Notices } from '../notices'
import type { HandlersOf } from './handlers-of'

export interface AppParts {
  readonly host: Host
  readonly dataFolder: string
  readonly version: string
  readonly notices: Notices
}

export function appHandlers({ host, dataFolder, version, notices }: AppParts): HandlersOf<'app'> {
  return {
    'app.info': (): AppInfo => ({
      name: 'Framescope',
      version,
      host: host.kind,
      platform: process.platform,
      dataFolder,
      capabilities: {
        secretsPersist: host.secretBox !== null,
        secretsNote: host.secretsNote,
        nativeMenu: host.nativeMenu,
        openExternal: host.openExternal !== undefined,
        chooseFolder: host.chooseFolder !== undefined,
      },
      notices: notices.list(),
    }),
    async 'app.openExternal'({ url }) {
      if (!host.openExternal)
        throw new AppError('CAPABILITY_ABSENT', 'This host opens links in the browser itself.')
      const protocol = URL.canParse(url) ? new URL(url).protocol : ''
      if (protocol !== 'http:' && protocol !== 'https:')
        throw new AppError('INVALID_INPUT', 'Only http and https links can be opened.')
      await host.openExternal(url)
    },
    'app.dismissNotice': ({ noticeId }) => notices.dismiss(noticeId),
  }
}
