import { opcodes } from '../wire/frame-header'
import type { Pending, Written } from '../wire/wire-line'
import { bits, type OutFrame, type OutUnit } from './out-unit'

export interface OutReaderOptions {
  /** The first frame of a message was read. @returns the message as its sender knows it. */
  readonly begin: () => Pending | null
  readonly onUnit: (unit: OutUnit) => void
  /** So many bytes that were read are settled. */
  readonly onSettled: (bytes: number) => void
}

/**
 * Makes units of the bytes `ws` writes: of each frame, or of each message with all its frames. What is
 * read begins with the first byte of a frame; where it begins within a message, the rest of that are
 * units of one frame.
 */
export class OutReader {
  readonly #options: OutReaderOptions
  #header = Buffer.alloc(0)
  #payload: Buffer[] = []
  /** Bytes of payload that have not come; `null` while the header is not complete. */
  #missing: number | null = null
  #callbacks: Written[] = []
  /** Of the frame under way. */
  #bytes = 0
  #assembles = false
  /** The frames of a message whose last has not come. */
  #message: OutUnit[] = []
  #source: Pending | null = null
  #inMessage = false

  constructor(options: OutReaderOptions) {
    this.#options = options
  }

  /** @param assembles whether messages become units once they are whole, and not each of their frames. */
  set assembles(assembles: boolean) {
    this.#assembles = assembles
    if (assembles) return
    const frames = this.#message
    this.#message = []
    for (const frame of frames) this.#options.onUnit(frame)
  }

  /** Whether what comes next is the first byte of a message or control frame. */
  get isBetween(): boolean {
    return !this.#inMessage && this.#header.length === 0
  }

  add(chunk: Buffer, callback: Written): void {
    this.#callbacks.push(callback)
    for (let offset = 0; offset < chunk.length;) {
      const before = offset
      if (this.#missing === null) offset = this.#takeHeader(chunk, offset)
      else {
        const part = chunk.subarray(offset, offset + this.#missing)
        this.#payload.push(part)
        this.#missing -= part.length
        offset += part.length
      }
      this.#bytes += offset - before
      if (this.#missing !== 0) continue
      // A callback belongs to the last byte of what was written with it.
      this.#endFrame(offset === chunk.length ? this.#callbacks.splice(0) : [])
    }
    if (chunk.length === 0 && this.#bytes === 0)
      for (const written of this.#callbacks.splice(0)) written()
  }

  /** What was written and has become no unit will not be. */
  fail(error: Error): void {
    for (const written of this.#callbacks.splice(0)) written(error)
    for (const frame of this.#message.splice(0)) frame.settle(error)
  }

  #takeHeader(chunk: Buffer, start: number): number {
    let offset = start
    while (offset < chunk.length) {
      const short = (this.#header[1] ?? 0) & 0x7f
      const wanted = this.#header.length < 2 ? 2 : 2 + (short === 127 ? 8 : short === 126 ? 2 : 0)
      if (this.#header.length === wanted) break
      const part = chunk.subarray(offset, offset + wanted - this.#header.length)
      this.#header = Buffer.concat([this.#header, part])
      offset += part.length
    }
    this.#missing = lengthIn(this.#header)
    return offset
  }

  #endFrame(callbacks: readonly Written[]): void {
    const [only, ...others] = this.#payload
    const payload = only && others.length === 0 ? only : Buffer.concat(this.#payload)
    const frame = { first: this.#header[0] as number, payload }
    const bytes = this.#bytes
    this.#header = Buffer.alloc(0)
    this.#payload = []
    this.#missing = null
    this.#bytes = 0
    this.#addFrame(frame, (error) => {
      this.#options.onSettled(bytes)
      for (const written of callbacks) written(error)
    })
  }

  #addFrame(frame: OutFrame, settle: OutUnit['settle']): void {
    const opcode = frame.first & bits.opcode
    const isFinal = (frame.first & bits.fin) !== 0
    const isControl = opcode >= opcodes.close
    if (isControl)
      return this.#options.onUnit({ frames: [frame], source: null, isAltered: false, settle })
    if (!this.#inMessage) this.#source = this.#options.begin()
    this.#inMessage = !isFinal
    const source = this.#source
    const unit = { frames: [frame], source, isAltered: false, settle }
    const begins = opcode !== opcodes.continuation
    if (this.#message.length === 0 && !(this.#assembles && begins && !isFinal))
      return this.#options.onUnit(unit)
    this.#message.push(unit)
    if (!isFinal) return
    const parts = this.#message.splice(0)
    this.#options.onUnit({
      frames: parts.flatMap(({ frames }) => frames),
      source,
      isAltered: false,
      settle: (error) => {
        for (const part of parts) part.settle(error)
      },
    })
  }
}

/** The payload length a header tells, `null` while it is not complete. */
function lengthIn(header: Buffer): number | null {
  if (header.length < 2) return null
  const short = (header[1] as number) & 0x7f
  if (short === 126) return header.length < 4 ? null : header.readUInt16BE(2)
  if (short === 127) return header.length < 10 ? null : Number(header.readBigUInt64BE(2))
  return short
}
