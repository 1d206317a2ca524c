import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '@shared/errors'
import type { Capture } from '@shared/model/capture'
import { unwritable } from '../../files/file-failure'
import { writeCaptureDocument, type CaptureDocument } from './capture-document'
import {
  captureOf,
  folderBytes,
  holdsNothingElse,
  inspectCapture,
  type FoundCapture,
} from './capture-folder'
import { prunable, type LeftLimits } from './left-captures'

const deletedFolder = '.deleted'

/** How long a delete can be undone, in milliseconds: longer than undoing is offered. */
const undoable = 30_000

/** The captures on disk that nobody writes to, each in a folder named by its id. */
export class CaptureList {
  readonly #folder: string
  readonly #limits: LeftLimits | undefined
  readonly #onChanged: (captures: Capture[]) => void
  readonly #entries = new Map<string, FoundCapture>()
  readonly #deleted = new Map<string, FoundCapture>()
  readonly #pending = new Set<Promise<unknown>>()

  constructor(
    folder: string,
    limits: LeftLimits | undefined,
    onChanged: (captures: Capture[]) => void,
  ) {
    this.#folder = folder
    this.#limits = limits
    this.#onChanged = onChanged
  }

  /** Finds what earlier runs kept, and deletes for good what they deleted. Never throws. */
  async find(): Promise<void> {
    const found = await readdir(this.#folder, { withFileTypes: true }).catch(() => [])
    await rm(join(this.#folder, deletedFolder), { recursive: true, force: true }).catch(
      () => undefined,
    )
    const now = Date.now()
    for (const place of found) {
      const id = place.name
      if (!place.isDirectory() || id.startsWith('.')) continue
      const entry = await inspectCapture(this.path(id), now)
      if (entry) this.#entries.set(id, entry)
      // What somebody else put there stays theirs.
      else if (await holdsNothingElse(this.path(id)).catch(() => false)) this.remove(id)
    }
    this.prune([])
  }

  /** The folder of a capture. */
  path(id: string): string {
    return join(this.#folder, id)
  }

  /** The newest first. */
  all(): Capture[] {
    return [...this.#entries.values()]
      .map(({ capture }) => capture)
      .sort((a, b) => b.savedAt - a.savedAt)
  }

  /** What nobody knew before this start that an earlier run left behind without closing it. */
  recovered(): Capture[] {
    return this.all().filter(({ id }) => this.#entries.get(id)?.isNews === true)
  }

  get(id: string): FoundCapture | undefined {
    return this.#entries.get(id)
  }

  /** @throws {AppError} NOT_FOUND. */
  require(id: string): FoundCapture {
    const entry = this.#entries.get(id)
    if (!entry) throw new AppError('NOT_FOUND', 'That capture does not exist any more.')
    return entry
  }

  /** Lists what lies in a folder as what the document says. @throws {AppError} STORAGE_UNWRITABLE. */
  async add(id: string, document: CaptureDocument): Promise<Capture> {
    await writeCaptureDocument(this.path(id), document)
    const bytes = await folderBytes(this.path(id))
    return this.#set(id, document, bytes)
  }

  /** @throws {AppError} NOT_FOUND, CAPTURE_UNREADABLE, STORAGE_UNWRITABLE. */
  async change(id: string, change: Partial<CaptureDocument>): Promise<Capture> {
    const { document: before, capture } = this.require(id)
    if (!before) throw unreadable(capture.name, capture.problem ?? '')
    const document = { ...before, ...change }
    await writeCaptureDocument(this.path(id), document)
    return this.#set(id, document, capture.bytes)
  }

  /** Moves a capture aside for as long as that can be undone. @throws {AppError} NOT_FOUND, STORAGE_UNWRITABLE. */
  async delete(id: string): Promise<void> {
    const entry = this.require(id)
    await this.#move(this.path(id), join(this.#folder, deletedFolder, id))
    this.#entries.delete(id)
    this.#deleted.set(id, entry)
    setTimeout(() => this.#forgetDeleted(id, entry), undoable).unref()
    this.#tell()
  }

  /** Gives back the space of what was deleted, unless that was undone. */
  #forgetDeleted(id: string, entry: FoundCapture): void {
    if (this.#deleted.get(id) !== entry) return
    this.#deleted.delete(id)
    this.later(rm(join(this.#folder, deletedFolder, id), { recursive: true, force: true }))
  }

  /** Undoes a delete while that is possible. @throws {AppError} NOT_FOUND, STORAGE_UNWRITABLE. */
  async restore(id: string): Promise<void> {
    const entry = this.#deleted.get(id)
    if (!entry) throw new AppError('NOT_FOUND', 'That capture cannot be restored any more.')
    await this.#move(join(this.#folder, deletedFolder, id), this.path(id))
    this.#deleted.delete(id)
    this.#entries.set(id, entry)
    this.#tell()
  }

  async #move(from: string, to: string): Promise<void> {
    try {
      await mkdir(join(this.#folder, deletedFolder), { recursive: true, mode: 0o700 })
      await rename(from, to)
    } catch (error) {
      throw unwritable(from, error)
    }
  }

  /** Deletes captures that were left, beyond the limits, except those being looked at. */
  prune(opened: readonly string[]): void {
    const kept = this.all().filter(({ id }) => !opened.includes(id))
    for (const { id } of prunable(kept, Date.now(), this.#limits)) {
      this.#entries.delete(id)
      this.remove(id)
    }
    this.#tell()
  }

  /** Deletes a folder for good. */
  remove(id: string): void {
    this.later(rm(this.path(id), { recursive: true, force: true }))
  }

  /** Work that nobody waits for but the end. What fails of it is made good by the next start. */
  later(work: Promise<unknown>): void {
    const pending = work
      .catch(() => undefined)
      .finally(() => {
        this.#pending.delete(pending)
      })
    this.#pending.add(pending)
  }

  /** Resolves when all of that work is done. */
  async settled(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending)
  }

  /** Deletes for good what was deleted. */
  async dispose(): Promise<void> {
    if (this.#deleted.size > 0)
      this.later(rm(join(this.#folder, deletedFolder), { recursive: true, force: true }))
    this.#deleted.clear()
    await this.settled()
  }

  #set(id: string, document: CaptureDocument, bytes: number): Capture {
    const capture = captureOf(id, document, bytes)
    this.#entries.set(id, { capture, document, isNews: false })
    this.#tell()
    return capture
  }

  #tell(): void {
    this.#onChanged(this.all())
  }
}

/** CAPTURE_UNREADABLE of a capture. */
export function unreadable(name: string, problem: string): AppError {
  return new AppError('CAPTURE_UNREADABLE', `${name} cannot be opened. ${problem}`)
}
