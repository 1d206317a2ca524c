import { randomUUID } from 'node:crypto'
import { mkdir, open, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '@shared/errors'

/** Longest file that is taken in or handed out, in bytes. */
export const maxFileBytes = 1024 * 1024 * 1024

/** Most files that one client may have at a time. */
export const maxFilesPerClient = 20

/** A complete file under the name it was handed over with, for those who read it where it lies. */
export interface SourceFile {
  readonly name: string
  readonly path: string
  /** In bytes. */
  readonly size: number
}

interface ExchangeFile {
  readonly name: string
  readonly path: string
  readonly clientId: string
  readonly handle: FileHandle
  /** Bytes announced; `null` while the engine itself is still writing. */
  size: number | null
  /** Bytes accepted so far; where the next chunk must start. */
  length: number
  /** Settles when everything accepted is written; rejects when a write failed. */
  written: Promise<unknown>
}

/**
 * Files on their way between the interface and the engine, in chunks and under opaque ids: what is
 * to be sent, and what is to be downloaded. They lie in a folder of their own that is emptied at the
 * start, under random names; a client reaches only its own.
 */
export class ExchangeFiles {
  readonly #folder: string
  readonly #files = new Map<string, ExchangeFile>()
  /** Files being opened count as well, and go with their client as well. */
  readonly #opening = new Set<{ readonly clientId: string; cancelled: boolean }>()

  private constructor(folder: string) {
    this.#folder = folder
  }

  /**
   * Empties the folder of what an earlier run left there and makes it ready.
   * @throws {AppError} STORAGE_UNWRITABLE.
   */
  static async open(folder: string): Promise<ExchangeFiles> {
    try {
      await rm(folder, { recursive: true, force: true })
      await mkdir(folder, { recursive: true, mode: 0o700 })
    } catch (cause) {
      throw unwritable(cause)
    }
    return new ExchangeFiles(folder)
  }

  /**
   * Starts a file of `size` bytes; `null` leaves the size open until {@link finish}.
   * @returns its id.
   * @throws {AppError} PAYLOAD_INVALID (too large), INVALID_INPUT (too many files),
   * NOT_FOUND (the client went away meanwhile), STORAGE_UNWRITABLE.
   */
  async create(clientId: string, name: string, size: number | null): Promise<string> {
    if (size !== null && size > maxFileBytes) throw tooLarge()
    if (this.#count(clientId) >= maxFilesPerClient)
      throw new AppError(
        'INVALID_INPUT',
        `${maxFilesPerClient} files are on their way already. One of them must end first.`,
      )
    const fileId = randomUUID()
    const path = join(this.#folder, fileId)
    const opening = { clientId, cancelled: false }
    this.#opening.add(opening)
    try {
      const handle = await open(path, 'wx+', 0o600)
      const written = Promise.resolve()
      this.#files.set(fileId, { name, path, clientId, handle, size, length: 0, written })
    } catch (cause) {
      throw unwritable(cause)
    } finally {
      this.#opening.delete(opening)
    }
    if (opening.cancelled) {
      await this.#remove(fileId)
      throw notFound()
    }
    return fileId
  }

  /**
   * Adds a chunk. Resolves when it is written; the next one may be handed over before.
   * @throws {AppError} NOT_FOUND, INVALID_INPUT (not the next offset, or more than announced),
   * PAYLOAD_INVALID (too large), STORAGE_UNWRITABLE (the file is let go).
   */
  async append(clientId: string, fileId: string, offset: number, bytes: Uint8Array): Promise<void> {
    const file = this.#file(clientId, fileId)
    if (offset !== file.length)
      throw new AppError(
        'INVALID_INPUT',
        `The file continues at byte ${file.length}, not at byte ${offset}.`,
      )
    if (file.size !== null && offset + bytes.byteLength > file.size)
      throw new AppError('INVALID_INPUT', `The file was announced with ${file.size} bytes.`)
    if (offset + bytes.byteLength > maxFileBytes) throw tooLarge()
    file.length += bytes.byteLength
    const before = file.written
    file.written = before.then(() => writeAll(file.handle, bytes, offset))
    try {
      await file.written
    } catch (cause) {
      await this.#remove(fileId)
      throw unwritable(cause)
    }
  }

  /**
   * Ends a file whose size was left open.
   * @returns its size in bytes.
   * @throws {AppError} NOT_FOUND.
   */
  finish(clientId: string, fileId: string): number {
    const file = this.#file(clientId, fileId)
    file.size ??= file.length
    return file.size
  }

  /**
   * Reads what is there of `length` bytes at `offset`; empty at the end.
   * @throws {AppError} NOT_FOUND, STORAGE_UNWRITABLE.
   */
  async read(
    clientId: string,
    fileId: string,
    offset: number,
    length: number,
  ): Promise<Uint8Array> {
    const file = this.#file(clientId, fileId)
    const end = Math.min(offset + length, file.length)
    try {
      await file.written
      return await readAll(file.handle, offset, Math.max(0, end - offset))
    } catch (cause) {
      throw unwritable(cause)
    }
  }

  /**
   * Takes a complete file out: its bytes are returned and the file is let go.
   * @throws {AppError} NOT_FOUND, INVALID_INPUT (not complete), STORAGE_UNWRITABLE.
   */
  async take(
    clientId: string,
    fileId: string,
  ): Promise<{ readonly name: string; readonly payload: Uint8Array }> {
    const file = this.#file(clientId, fileId)
    requireComplete(file)
    const payload = await this.read(clientId, fileId, 0, file.length)
    await this.#remove(fileId)
    return { name: file.name, payload }
  }

  /**
   * Where a complete file lies, for the engine's own readers; it stays until it is let go.
   * @throws {AppError} NOT_FOUND, INVALID_INPUT (not complete), STORAGE_UNWRITABLE.
   */
  async source(clientId: string, fileId: string): Promise<SourceFile> {
    const file = this.#file(clientId, fileId)
    requireComplete(file)
    try {
      await file.written
    } catch (cause) {
      throw unwritable(cause)
    }
    return { name: file.name, path: file.path, size: file.length }
  }

  /** Lets a file go; does nothing when the client has no such file. */
  async release(clientId: string, fileId: string): Promise<void> {
    if (this.#files.get(fileId)?.clientId === clientId) await this.#remove(fileId)
  }

  /** A client is gone, and its files with it. */
  async releaseOwnedBy(clientId: string): Promise<void> {
    await this.#releaseWhere((owner) => owner === clientId)
  }

  /** Lets everything go and removes the folder. */
  async dispose(): Promise<void> {
    await this.#releaseWhere(() => true)
    await rm(this.#folder, { recursive: true, force: true })
  }

  #count(clientId: string): number {
    return [...this.#files.values(), ...this.#opening].filter((file) => file.clientId === clientId)
      .length
  }

  #file(clientId: string, fileId: string): ExchangeFile {
    const file = this.#files.get(fileId)
    if (file?.clientId !== clientId) throw notFound()
    return file
  }

  async #releaseWhere(ends: (clientId: string) => boolean): Promise<void> {
    for (const opening of this.#opening) opening.cancelled ||= ends(opening.clientId)
    const ending = [...this.#files].filter(([, file]) => ends(file.clientId))
    await Promise.all(ending.map(([fileId]) => this.#remove(fileId)))
  }

  async #remove(fileId: string): Promise<void> {
    const file = this.#files.get(fileId)
    if (!file) return
    this.#files.delete(fileId)
    await file.written.catch(() => undefined)
    await file.handle.close().catch(() => undefined)
    await rm(file.path, { force: true }).catch(() => undefined)
  }
}

function requireComplete({ length, size }: ExchangeFile): void {
  if (length === size) return
  throw new AppError(
    'INVALID_INPUT',
    `Only ${length} of ${size ?? 'an unknown number of'} bytes of the file arrived.`,
  )
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, offset: number): Promise<void> {
  for (let done = 0; done < bytes.byteLength;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.byteLength - done, offset + done)
    done += bytesWritten
  }
}

async function readAll(handle: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length)
  for (let done = 0; done < length;) {
    const { bytesRead } = await handle.read(bytes, done, length - done, offset + done)
    if (bytesRead === 0) return bytes.slice(0, done)
    done += bytesRead
  }
  return bytes
}

function notFound(): AppError {
  return new AppError('NOT_FOUND', 'The file does not exist any more.')
}

function tooLarge(): AppError {
  return new AppError('PAYLOAD_INVALID', 'Files may be at most 1 GiB long.')
}

function unwritable(cause: unknown): AppError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new AppError('STORAGE_UNWRITABLE', `The data folder cannot be used: ${reason}`, { cause })
}
