import { randomUUID } from 'node:crypto'
import * as v from 'valibot'
import { AppError } from '@shared/errors'
import type { ConnectionConfig } from '@shared/model/connection'
import type { Profile } from '@shared/model/profile'
import { profileName } from '@shared/model/profile'
import type { DocumentFormat } from './document-format'
import { JsonDocument, type Notify } from './json-document'
import { migrations } from './migrations/migrations'
import { profileStarters } from './profile-starters'
import { StoredConfig } from './stored-config'

type Profiles = readonly Profile[]

export const profilesFormat: DocumentFormat<Profiles> = {
  name: 'profiles',
  schema: v.array(v.strictObject({ id: v.string(), name: profileName, config: StoredConfig })),
  migrations: migrations.profiles,
  initial: profileStarters,
}

const copySuffix = ' copy'
const longestName = 200

/** The saved connections, in the order the user gave them. */
export class ProfileStore {
  readonly #document: JsonDocument<Profiles>
  readonly #deleted = new Map<string, Profile>()
  /** Ids in order, the deleted ones still in their places. */
  #places: readonly string[] = []

  private constructor(document: JsonDocument<Profiles>) {
    this.#document = document
  }

  /** @throws {AppError} STORAGE_UNWRITABLE when the folder cannot be made. */
  static async open(folder: string, notify: Notify): Promise<ProfileStore> {
    return new ProfileStore(await JsonDocument.open(folder, profilesFormat, notify))
  }

  /** Whether every profile of earlier runs was read. */
  get intact(): boolean {
    return this.#document.intact
  }

  list(): Profile[] {
    return [...this.#document.data]
  }

  /** @throws {AppError} NOT_FOUND. */
  get(id: string): Profile {
    return find(this.#document.data, id)
  }

  async create(name: string, config: ConnectionConfig): Promise<Profile> {
    const profile: Profile = { id: randomUUID(), name, config }
    await this.#document.update((profiles) => [...profiles, profile])
    return profile
  }

  /** @throws {AppError} NOT_FOUND. */
  async update(
    id: string,
    part: { readonly name?: string | undefined; readonly config?: ConnectionConfig | undefined },
  ): Promise<Profile> {
    const profiles = await this.#document.update((current) => {
      const old = find(current, id)
      const updated = { id, name: part.name ?? old.name, config: part.config ?? old.config }
      return current.map((profile) => (profile.id === id ? updated : profile))
    })
    return find(profiles, id)
  }

  /**
   * Puts a copy right after the original, named "… copy".
   * @throws {AppError} NOT_FOUND.
   */
  async duplicate(id: string): Promise<Profile> {
    const copyId = randomUUID()
    const profiles = await this.#document.update((current) => {
      const original = find(current, id)
      const name = original.name.slice(0, longestName - copySuffix.length) + copySuffix
      const copy = { id: copyId, name, config: structuredClone(original.config) }
      return current.toSpliced(current.indexOf(original) + 1, 0, copy)
    })
    return find(profiles, copyId)
  }

  /** @throws {AppError} NOT_FOUND. */
  async delete(id: string): Promise<void> {
    await this.#document.update((current) => {
      const profile = find(current, id)
      this.#places = withDeleted(this.#places, current)
      this.#deleted.set(id, profile)
      return current.filter((each) => each !== profile)
    })
  }

  /**
   * Brings back a profile deleted in this run, at its old place among those that are left.
   * @throws {AppError} NOT_FOUND when it was not deleted in this run.
   */
  async restore(id: string): Promise<Profile> {
    const profile = this.#deleted.get(id)
    if (!profile) throw missing()
    await this.#document.update((current) => {
      if (current.some((each) => each.id === id)) return current
      this.#places = withDeleted(this.#places, current)
      const before = new Set(this.#places.slice(0, this.#places.indexOf(id)))
      return current.toSpliced(current.filter((each) => before.has(each.id)).length, 0, profile)
    })
    this.#deleted.delete(id)
    return profile
  }

  /**
   * Moves a profile to a place counted from 0; beyond the end means the end.
   * @throws {AppError} NOT_FOUND.
   */
  async move(id: string, index: number): Promise<void> {
    await this.#document.update((current) => {
      const profile = find(current, id)
      return current.toSpliced(current.indexOf(profile), 1).toSpliced(index, 0, profile)
    })
  }

  flush(): Promise<void> {
    return this.#document.flush()
  }
}

/** The ids in their present order; those that are gone stay behind what they stood behind before. */
function withDeleted(places: readonly string[], profiles: Profiles): readonly string[] {
  const result = profiles.map((profile) => profile.id)
  for (const [index, id] of places.entries()) {
    if (result.includes(id)) continue
    const before = places[index - 1]
    result.splice(before === undefined ? 0 : result.indexOf(before) + 1, 0, id)
  }
  return result
}

function find(profiles: Profiles, id: string): Profile {
  const profile = profiles.find((each) => each.id === id)
  if (!profile) throw missing()
  return profile
}

function missing(): AppError {
  return new AppError('NOT_FOUND', 'That profile does not exist any more.')
}
