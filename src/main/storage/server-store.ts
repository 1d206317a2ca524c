import { randomUUID } from 'node:crypto'
import * as v from 'valibot'
import { defaultServerConfig, ServerProfile } from '@shared/model/local-server'
import { planOf } from '@shared/model/server-presets'
import type { FirstServer } from '@shared/model/settings'
import type { DocumentFormat } from './document-format'
import { JsonDocument, type Notify } from './json-document'
import { migrations } from './migrations/migrations'

type Servers = readonly ServerProfile[]

export const serversFormat: DocumentFormat<Servers> = {
  name: 'servers',
  schema: v.array(ServerProfile),
  migrations: migrations.servers,
  initial: () => [],
}

/** The local servers, in the order the user gave them. There is always at least one. */
export class ServerStore {
  readonly #document: JsonDocument<Servers>
  readonly #first: ServerProfile

  private constructor(document: JsonDocument<Servers>, first: ServerProfile) {
    this.#document = document
    this.#first = first
  }

  /**
   * @param former what the one server had in versions that knew no others.
   * @throws {AppError} STORAGE_UNWRITABLE when the folder cannot be made.
   */
  static async open(folder: string, former: FirstServer, notify: Notify): Promise<ServerStore> {
    const document = await JsonDocument.open(folder, serversFormat, notify)
    return new ServerStore(document, firstServer(former))
  }

  list(): readonly ServerProfile[] {
    const { data } = this.#document
    return data.length > 0 ? data : [this.#first]
  }

  /** Keeps the servers as `change` makes them of those that are there. */
  async update(change: (servers: Servers) => Servers): Promise<void> {
    await this.#document.update((stored) => change(stored.length > 0 ? stored : [this.#first]))
  }

  flush(): Promise<void> {
    return this.#document.flush()
  }
}

function firstServer({ port, allInterfaces, preset, ...former }: FirstServer): ServerProfile {
  const plan = planOf(preset)
  for (const route of plan.routes) {
    route.keepAlive.interval = former.keepAlive
    route.deflate.enabled = former.perMessageDeflate
  }
  return {
    id: randomUUID(),
    name: 'Local server',
    autostart: false,
    config: { ...defaultServerConfig(), port, allInterfaces, plan },
  }
}
