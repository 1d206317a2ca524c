import type { ConnectionConfig } from '@shared/model/connection'
import type { SecretBox } from '../host'
import { AuthorityStore } from './authority-store'
import { CertificateStore } from './certificate-store'
import { FolderStore } from './folder-store'
import type { Notify } from './json-document'
import { ProfileStore } from './profile-store'
import { SecretStore } from './secret-store'
import { ServerStore } from './server-store'
import { SettingsStore } from './settings-store'
import { WorkspaceStore } from './workspace-store'

/** Everything that lasts between runs. */
export interface Stores {
  readonly profiles: ProfileStore
  readonly settings: SettingsStore
  readonly workspace: WorkspaceStore
  readonly secrets: SecretStore
  readonly authority: AuthorityStore
  readonly certificates: CertificateStore
  readonly servers: ServerStore
  readonly folders: FolderStore
  /** Writes what is pending. Never rejects: whoever asked for a change hears of its failure. */
  flush(): Promise<void>
}

/** @throws {AppError} STORAGE_UNWRITABLE when the folder cannot be made. */
export async function openStores(
  folder: string,
  box: SecretBox | null,
  allowedFolders: readonly string[] | null,
  notify: Notify,
): Promise<Stores> {
  const profiles = await ProfileStore.open(folder, notify)
  const settings = await SettingsStore.open(folder, notify)
  const workspace = await WorkspaceStore.open(folder, notify)
  const secrets = await SecretStore.open(folder, box, notify)
  const authority = await AuthorityStore.open(folder, notify)
  const certificates = await CertificateStore.open(folder, secrets, notify)
  const servers = await ServerStore.open(folder, settings.get().server, notify)
  const folders = await FolderStore.open(folder, allowedFolders, notify)
  // A document that was set aside may come back, and with it what it refers to.
  const complete = profiles.intact && workspace.intact && certificates.intact
  const configs = [...profiles.list(), ...workspace.get().connections].map(({ config }) => config)
  const referenced = [...configs.flatMap(secretRefs), ...certificates.secretRefs()]
  secrets.unlock(complete ? new Set(referenced) : null)
  return {
    profiles,
    settings,
    workspace,
    secrets,
    authority,
    certificates,
    servers,
    folders,
    async flush() {
      const all = [
        profiles,
        settings,
        workspace,
        secrets,
        authority,
        certificates,
        servers,
        folders,
      ]
      await Promise.allSettled(all.map((store) => store.flush()))
    },
  }
}

function secretRefs(config: ConnectionConfig): string[] {
  return config.headers.flatMap((header) =>
    header.secret && header.secretRef !== null ? [header.secretRef] : [],
  )
}
