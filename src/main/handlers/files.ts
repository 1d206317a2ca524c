import type { ExchangeFiles } from '../engine/export/exchange-files'
import type { HandlersOf } from './handlers-of'
import { ownBytes } from './own-bytes'

export function fileHandlers(files: ExchangeFiles): HandlersOf<'files'> {
  return {
    'files.create': async ({ name, size }, { clientId }) => ({
      fileId: await files.create(clientId, name, size),
    }),
    'files.append': ({ fileId, offset, bytes }, { clientId }) =>
      files.append(clientId, fileId, offset, bytes),
    'files.read': async ({ fileId, offset, length }, { clientId }) => ({
      bytes: ownBytes(await files.read(clientId, fileId, offset, length)),
    }),
    'files.release': ({ fileId }, { clientId }) => files.release(clientId, fileId),
  }
}
