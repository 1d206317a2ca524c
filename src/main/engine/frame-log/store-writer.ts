import { constants } from 'node:fs'
import { access, open, rm, type FileHandle } from 'node:fs/promises'
import { systemCode } from '../../files/file-failure'
import type { Block } from './block'
import { encodeSession, type LogSessions } from './log-sessions'
import { checksumOf } from './record-checksum'
import { loseFiles } from './row-losses'
import type { RowStore } from './row-store'
import { encodeSegmentHeader, segmentHeaderBytes, type Segment } from './segment'

/** Most bytes of one write: few enough to know soon that they are written. */
const batchBytes = 1024 * 1024

/** How often the file being written is looked for in its folder, in milliseconds. */
const lookInterval = 1000

export interface StoreWriterOptions {
  readonly store: RowStore
  readonly sessions: LogSessions
  /** Makes the folder that the segments lie in. */
  readonly prepare: () => Promise<void>
  /** Something was written. */
  readonly onWritten: () => void
  /** Nothing can be written for the reason given; it is tried again. */
  readonly onFailure: (error: unknown) => void
  /** Rows were lost with the files they were in. */
  readonly onLost: (rows: number) => void
  /** Time between two attempts while writing fails, in milliseconds. */
  readonly retryInterval: number
}

/** Somebody who waits for a block to be written up to a place. */
interface Flush {
  readonly block: Block
  readonly sealed: number
  readonly resolve: () => void
}

/** Writes what is sealed to the files of its segments, one write at a time. */
export class StoreWriter {
  readonly #options: StoreWriterOptions
  #file: FileHandle | null = null
  #segment: Segment | null = null
  #prepared = false
  #running: Promise<void> | null = null
  #retry: NodeJS.Timeout | undefined
  #lastLook = 0
  #busy = false
  #waiting: Flush[] = []

  constructor(options: StoreWriterOptions) {
    this.#options = options
  }

  /** Whether the last attempt failed. */
  get failing(): boolean {
    return this.#retry !== undefined
  }

  /** Whether blocks are in the hands of the system. */
  get busy(): boolean {
    return this.#busy
  }

  /** Something was sealed. Does nothing while writing fails, until it is tried again. */
  kick(): void {
    if (!this.failing) this.#start()
  }

  /** Resolves when what is sealed now was written or cannot be written, even if more is coming. */
  flush(): Promise<void> {
    const block = this.#options.store.blocks.at(-1)
    this.#start()
    if (!block) return Promise.resolve()
    const { sealed } = block
    return new Promise((resolve) => {
      this.#waiting.push({ block, sealed, resolve })
    })
  }

  /** Tries to write what is left and closes the file. */
  async finish(): Promise<void> {
    this.#start()
    await this.#running
    clearTimeout(this.#retry)
    await this.#close()
  }

  /** Deletes the file of a segment that was let go of. */
  remove(segment: Segment): void {
    if (segment.path !== null && segment.fileBytes > 0)
      // A file that stays behind is deleted with its folder.
      void rm(segment.path, { force: true }).catch(() => undefined)
  }

  #start(): void {
    this.#running ??= this.#run()
  }

  async #run(): Promise<void> {
    clearTimeout(this.#retry)
    this.#retry = undefined
    // So that it has not ended before it is known to run.
    await Promise.resolve()
    try {
      for (let batch = this.#batch(); batch; batch = this.#batch()) {
        this.#busy = true
        await this.#write(batch.segment, batch.buffers)
        this.#busy = false
        this.#options.onWritten()
        this.#tellWaiting(false)
      }
    } catch (error) {
      await this.#failed(error)
    } finally {
      this.#tellWaiting(true)
      this.#busy = false
      this.#running = null
    }
  }

  #tellWaiting(all: boolean): void {
    const { store } = this.#options
    this.#waiting = this.#waiting.filter(({ block, sealed, resolve }) => {
      // A block that was let go of is not waited for.
      const waits = !all && block.written < sealed && store.blocks.includes(block)
      if (!waits) resolve()
      return waits
    })
  }

  /** The next bytes that lie together in one file. */
  #batch(): { readonly segment: Segment; readonly buffers: Uint8Array[] } | null {
    let segment: Segment | undefined
    let bytes = 0
    const buffers: Uint8Array[] = []
    for (const block of this.#options.store.blocks) {
      if (block.written === block.sealed) continue
      segment ??= block.segment
      if (block.segment !== segment || bytes >= batchBytes) break
      if (buffers.length === 0) {
        segment.prefix ??= this.#prefixOf(segment, block.start)
        if (segment.fileBytes < segment.prefix.byteLength)
          buffers.push(segment.prefix.subarray(segment.fileBytes))
      }
      buffers.push(block.bytes.subarray(block.written, block.sealed))
      bytes += block.sealed - block.written
      // What follows in the file is not there yet.
      if (block.sealed < block.used) break
    }
    return segment ? { segment, buffers } : null
  }

  /** The header, and of what lost its beginning the sessions that were described there. */
  #prefixOf(segment: Segment, start: number): Uint8Array {
    const parts = [encodeSegmentHeader(segment.firstId)]
    if (start > segmentHeaderBytes) {
      const numbers = new Set<number>()
      for (let id = segment.firstId; id < segment.endId; id += 1)
        numbers.add(this.#options.store.index.session(id))
      for (const number of numbers) {
        const record = Buffer.from(encodeSession(this.#options.sessions.get(number)))
        record.writeUInt32LE(checksumOf(record))
        parts.push(record)
      }
    }
    const prefix = Buffer.concat(parts)
    segment.origin = start - prefix.byteLength
    return prefix
  }

  async #write(segment: Segment, buffers: Uint8Array[]): Promise<void> {
    const file = await this.#fileOf(segment)
    const { bytesWritten } = await file.writev(buffers, segment.fileBytes)
    segment.fileBytes += bytesWritten
    const { store } = this.#options
    for (const block of store.blocks) {
      if (block.segment !== segment || block.written === block.sealed) continue
      const written = Math.min(segment.written - block.start, block.sealed)
      if (written <= block.written) break
      store.waiting -= written - block.written
      block.written = written
    }
    if (segment.gone) {
      await this.#close()
      this.remove(segment)
    }
  }

  async #fileOf(segment: Segment): Promise<FileHandle> {
    if (this.#file && this.#segment === segment) {
      await this.#look(this.#file)
      return this.#file
    }
    await this.#close()
    if (!this.#prepared) await this.#options.prepare()
    this.#prepared = true
    this.#file = await open(segment.path ?? '', segment.fileBytes === 0 ? 'w' : 'r+', 0o600)
    this.#segment = segment
    return this.#file
  }

  /** A file can be written long after it was deleted. */
  async #look(file: FileHandle): Promise<void> {
    const now = performance.now()
    if (now - this.#lastLook < lookInterval) return
    this.#lastLook = now
    if ((await file.stat()).nlink === 0)
      throw Object.assign(new Error('The file was deleted.'), { code: 'ENOENT' })
  }

  async #close(): Promise<void> {
    const file = this.#file
    const segment = this.#segment
    this.#file = null
    this.#segment = null
    if (!file) return
    try {
      // Of a segment that was cut short, a part of the next record may be there.
      if (segment && segment.written > segment.end)
        await file.truncate(segment.end - segment.origin)
    } catch {
      // The reader finds the end by itself.
    }
    await file.close().catch(() => undefined)
  }

  async #failed(error: unknown): Promise<void> {
    await this.#close()
    if (systemCode(error) === 'ENOENT') await this.#findLost()
    const { retryInterval, onFailure } = this.#options
    this.#retry = setTimeout(() => this.#start(), retryInterval).unref()
    onFailure(error)
  }

  async #findLost(): Promise<void> {
    this.#prepared = false
    const { store, onLost } = this.#options
    const missing: Segment[] = []
    for (const segment of [...store.segments])
      if (segment.path !== null && segment.fileBytes > 0 && !(await exists(segment.path)))
        missing.push(segment)
    const lost = loseFiles(
      store,
      missing.filter((segment) => !segment.gone),
    )
    if (lost > 0) onLost(lost)
  }
}

function exists(path: string): Promise<boolean> {
  return access(path, constants.F_OK).then(
    () => true,
    (error: unknown) => systemCode(error) !== 'ENOENT',
  )
}
