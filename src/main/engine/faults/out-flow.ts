import { Queue } from '../wire/queue'
import type { Departing, LineWire, Piece } from '../wire/wire-line'
import { Flow } from './flow'
import { departingOf, piecesOf, type OutUnit } from './out-unit'

/** Bytes given to the socket at once; it is given more when they are written. */
const mostAtOnce = 256 * 1024

/** The unit being written. */
interface Current {
  readonly unit: OutUnit
  readonly departing: Departing
  readonly pieces: Iterator<Buffer>
  /** What comes next of it; `undefined` at its end. */
  next: Buffer | undefined
}

/** Writes units one after the other, as its flow lets it. */
export class OutFlow {
  readonly flow = new Flow(() => this.#pump())
  readonly #wire: LineWire
  readonly #onIdle: () => void
  readonly #queue = new Queue<OutUnit>()
  #current: Current | null = null
  #isWriting = false
  #failure: Error | null = null

  /** @param onIdle everything was written, or will not be. */
  constructor(wire: LineWire, onIdle: () => void) {
    this.#wire = wire
    this.#onIdle = onIdle
  }

  get isIdle(): boolean {
    return !this.#isWriting && this.#current === null && this.#queue.length === 0
  }

  take(unit: OutUnit): void {
    if (this.#failure) return unit.settle(this.#failure)
    this.#queue.push(unit)
    this.#pump()
  }

  fail(error: Error): void {
    this.#failure ??= error
    this.flow.stop()
    const current = this.#current
    this.#current = null
    current?.unit.settle(error)
    for (let unit = this.#queue.shift(); unit; unit = this.#queue.shift()) unit.settle(error)
  }

  #pump(): void {
    if (this.#isWriting || this.#failure || !this.#advance()) return
    const portion = Math.min(this.flow.portion(), mostAtOnce)
    if (portion === 0) return
    if (this.#current?.unit.end) return this.#terminate(this.#current.unit.end)
    const pieces: Piece[] = []
    const written: OutUnit[] = []
    let left = portion
    while (left > 0 && this.#advance()) {
      const current = this.#current as Current | null
      if (!current?.next) break
      const bytes = current.next.subarray(0, left)
      left -= bytes.length
      current.next =
        bytes.length < current.next.length
          ? current.next.subarray(bytes.length)
          : nextOf(current.pieces)
      const isLast = current.next === undefined
      pieces.push({ bytes, of: current.departing, isLast })
      if (!isLast) continue
      written.push(current.unit)
      this.#current = null
    }
    this.flow.passed(portion - left)
    this.#isWriting = true
    this.#wire.write(pieces, (error) => {
      this.#isWriting = false
      for (const { settle } of written) settle(error ?? null)
      this.#pump()
      if (this.isIdle) this.#onIdle()
    })
  }

  /** @returns whether there is a unit to be written. */
  #advance(): boolean {
    if (this.#current) return true
    const unit = this.#queue.shift()
    if (!unit) return false
    const pieces = piecesOfAll(unit)
    this.#current = { unit, departing: departingOf(unit), pieces, next: nextOf(pieces) }
    return true
  }

  #terminate(how: 'fin' | 'rst'): void {
    this.fail(new Error('The connection was ended by a fault.'))
    this.#wire.terminate(how)
    this.#onIdle()
  }
}

function* piecesOfAll({ frames }: OutUnit): Generator<Buffer> {
  for (const frame of frames) yield* piecesOf(frame)
}

function nextOf(pieces: Iterator<Buffer>): Buffer | undefined {
  const { done, value } = pieces.next()
  return done ? undefined : (value as Buffer)
}
