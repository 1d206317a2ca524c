import { testAuthorityFile } from '@shared/model/trust-instructions'
import type { ExchangeFiles } from '../engine/export/exchange-files'
import { inOne, saveTo } from '../engine/export/save-to'
import type { OwnCertificates } from '../engine/local-server/tls/own-certificates'
import type { ServerCertificates } from '../engine/local-server/tls/server-certificates'
import type { Host } from '../host'
import type { HandlersOf } from './handlers-of'

export interface CertificateParts {
  readonly host: Host
  readonly generatedCertificates: ServerCertificates
  readonly ownCertificates: OwnCertificates
  readonly files: ExchangeFiles
}

export function certificateHandlers(parts: CertificateParts): HandlersOf<'certificates'> {
  const { host, generatedCertificates, ownCertificates, files } = parts
  return {
    'certificates.authority': () => generatedCertificates.authority(),
    async 'certificates.saveAuthority'(_, { clientId }) {
      const { pem } = await generatedCertificates.authority()
      return saveTo({
        host,
        files,
        clientId,
        suggestedName: testAuthorityFile,
        chunks: inOne(pem),
      })
    },
    'certificates.list': () => ownCertificates.list(),
    async 'certificates.add'({ name, fileIds, passphrase }, { clientId }) {
      const taken = []
      for (const fileId of fileIds) taken.push((await files.take(clientId, fileId)).payload)
      await ownCertificates.add(name, taken, passphrase)
      return ownCertificates.list()
    },
    async 'certificates.remove'({ certificateId }) {
      await ownCertificates.remove(certificateId)
      return ownCertificates.list()
    },
    async 'certificates.unlock'({ certificateId, passphrase }) {
      await ownCertificates.unlock(certificateId, passphrase)
      return ownCertificates.list()
    },
  }
}
