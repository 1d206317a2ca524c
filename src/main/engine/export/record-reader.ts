import { open, type FileHandle } from 'node:fs/promises'
import type { RowExtent } from '../frame-log/frame-log'
import { RecordedRow } from '../frame-log/record'
import type { ExportSource } from './export-rows'

/** What is read around a row that stands alone, and around one of many neighbours, in bytes. */
const leastRead = 8 * 1024
const mostRead = 1024 * 1024

/** Finds the records of rows, reading neighbours together. To be closed at the end. */
export class RecordReader {
  readonly #log: ExportSource
  readonly #row = new RecordedRow()
  #file: { readonly path: string; readonly handle: FileHandle } | null = null
  #readBytes = leastRead
  #endId = 0
  /** The row at `#offset`, of those loaded. */
  #nextId = 0
  #offset = 0

  constructor(log: ExportSource) {
    this.#log = log
  }

  /**
   * The record of a row, good until the next call; cheapest when ids ascend. `undefined` when it is
   * not held any more.
   */
  async find(id: number): Promise<RecordedRow | undefined> {
    return this.#findLoaded(id) ?? ((await this.#load(id)) ? this.#findLoaded(id) : undefined)
  }

  async close(): Promise<void> {
    const file = this.#file
    this.#file = null
    await file?.handle.close()
  }

  #findLoaded(id: number): RecordedRow | undefined {
    if (id < this.#nextId || id >= this.#endId) return undefined
    for (;;) {
      const length = this.#row.moveTo(this.#offset)
      if (length === 0) {
        this.#endId = 0
        return undefined
      }
      this.#offset += length
      if (!this.#row.isRow) continue
      this.#nextId += 1
      if (this.#nextId > id) {
        this.#row.id = id
        return this.#row
      }
    }
  }

  async #load(id: number): Promise<boolean> {
    const follows = id === this.#endId
    this.#readBytes = follows ? Math.min(this.#readBytes * 4, mostRead) : leastRead
    const extent = this.#log.extent(id, this.#readBytes)
    if (extent?.firstId !== id) return false
    const bytes = await this.#bytesOf(extent)
    if (!bytes) return false
    this.#row.load(bytes)
    this.#offset = 0
    this.#nextId = id
    this.#endId = extent.endId
    return true
  }

  async #bytesOf({ source }: RowExtent): Promise<Uint8Array | undefined> {
    if ('bytes' in source) return source.bytes
    try {
      const handle = await this.#open(source.path)
      const bytes = new Uint8Array(source.end - source.start)
      for (let filled = 0; filled < bytes.byteLength;) {
        const { bytesRead } = await handle.read(bytes, {
          offset: filled,
          position: source.start + filled,
        })
        if (bytesRead === 0) return undefined
        filled += bytesRead
      }
      return bytes
    } catch {
      // The segment was evicted, or the disk fails, which the log tells by itself.
      return undefined
    }
  }

  async #open(path: string): Promise<FileHandle> {
    if (this.#file?.path === path) return this.#file.handle
    await this.close()
    const handle = await open(path, 'r')
    this.#file = { path, handle }
    return handle
  }
}
