import type { Piece } from './row-format'

/** Bytes of a chunk, about. */
const chunkBytes = 256 * 1024

/** Collects pieces of a file until they make a chunk. */
export class PieceBuffer {
  #parts: Uint8Array[] = []
  #text = ''
  #bytes = 0

  /** Bytes collected, about. */
  get size(): number {
    return this.#bytes + this.#text.length
  }

  get isFull(): boolean {
    return this.size >= chunkBytes
  }

  /** Bytes are kept where they lie until they are taken: they must not change. */
  add(piece: Piece): void {
    if (typeof piece === 'string') {
      this.#text += piece
      return
    }
    if (piece.byteLength === 0) return
    this.#flushText()
    this.#parts.push(piece)
    this.#bytes += piece.byteLength
  }

  /** What was collected, of long pieces only the start; empties the buffer by as much. */
  take(): Uint8Array<ArrayBuffer> {
    this.#flushText()
    const taken: Uint8Array[] = []
    let size = 0
    while (size < chunkBytes) {
      const part = this.#parts.shift()
      if (!part) break
      const room = chunkBytes - size
      // A long piece is cut, a short one is not worth it.
      if (part.byteLength > room + chunkBytes) {
        taken.push(part.subarray(0, room))
        this.#parts.unshift(part.subarray(room))
        size += room
      } else {
        taken.push(part)
        size += part.byteLength
      }
    }
    this.#bytes -= size
    return Buffer.concat(taken) as Uint8Array<ArrayBuffer>
  }

  #flushText(): void {
    if (this.#text === '') return
    const bytes = Buffer.from(this.#text, 'utf8')
    this.#text = ''
    this.#parts.push(bytes)
    this.#bytes += bytes.byteLength
  }
}
