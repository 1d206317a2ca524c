import * as v from 'valibot'
import { AppError } from '@shared/errors'
import { Draft, emptyDraft } from '@shared/model/connection'
import type { DocumentFormat } from './document-format'
import { JsonDocument, type Notify } from './json-document'
import { migrations } from './migrations/migrations'
import { StoredConfig } from './stored-config'
import { withDefaults } from './with-defaults'

const StoredDraft = v.pipe(
  v.unknown(),
  v.transform((stored) => withDefaults(emptyDraft(), stored)),
  Draft,
)

/** One open tab as it comes back after a restart. */
export const WorkspaceConnection = v.strictObject({
  id: v.string(),
  name: v.string(),
  profileId: v.nullable(v.string()),
  config: StoredConfig,
  draft: StoredDraft,
})
export type WorkspaceConnection = v.InferOutput<typeof WorkspaceConnection>

/** What was open, to be opened again by the next run. */
export interface Workspace {
  readonly connections: readonly WorkspaceConnection[]
}

export const workspaceFormat: DocumentFormat<Workspace> = {
  name: 'workspace',
  schema: v.strictObject({ connections: v.array(WorkspaceConnection) }),
  migrations: migrations.workspace,
  initial: () => ({ connections: [] }),
}

/** Milliseconds from the first change to its write; all changes meanwhile go with it. */
const writeDelay = 300

/** Keeps what is open on disk, a moment behind. */
export class WorkspaceStore {
  readonly #document: JsonDocument<Workspace>
  readonly #notify: Notify
  #pending: (() => Workspace) | null = null
  #timer: NodeJS.Timeout | null = null
  #failureTold = false

  private constructor(document: JsonDocument<Workspace>, notify: Notify) {
    this.#document = document
    this.#notify = notify
  }

  /** @throws {AppError} STORAGE_UNWRITABLE when the folder cannot be made. */
  static async open(folder: string, notify: Notify): Promise<WorkspaceStore> {
    return new WorkspaceStore(await JsonDocument.open(folder, workspaceFormat, notify), notify)
  }

  /** Whether everything that was open before was read. */
  get intact(): boolean {
    return this.#document.intact
  }

  get(): Workspace {
    return this.#document.data
  }

  /** Something changed; `snapshot` is asked for the whole when it is time to write. */
  changed(snapshot: () => Workspace): void {
    this.#pending = snapshot
    this.#timer ??= setTimeout(() => void this.flush(), writeDelay)
  }

  /** Writes what is pending now. Never rejects: nobody waits for these writes, so a notice tells. */
  async flush(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    const snapshot = this.#pending
    this.#pending = null
    try {
      if (snapshot) await this.#document.update(() => snapshot())
      else await this.#document.flush()
      this.#failureTold = false
    } catch (error) {
      this.#tell(error)
    }
  }

  #tell(error: unknown): void {
    // A document of a newer version was told of when it was opened.
    if (this.#failureTold || (error instanceof AppError && error.code === 'STORAGE_NEWER')) return
    this.#failureTold = true
    const reason = error instanceof Error ? error.message : String(error)
    this.#notify('error', `Open connections and drafts are not being saved. ${reason}`)
  }
}
