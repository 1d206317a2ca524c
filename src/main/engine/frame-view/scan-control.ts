const generationSlot = 0
const stepSlot = 1
const rowSlot = 2
const termSlot = 3
const slots = 4

/** Where a scan thread is. */
export interface ScanPlace {
  /** Counts up with every term of an expression that begins; 0 at the start, wraps around. */
  readonly step: number
  /** The row under test, counted from the first of its request. */
  readonly row: number
  /** The term under test; -1 when none is. */
  readonly term: number
}

/**
 * A few numbers that the engine and a scan thread share, so that each sees at once what the other
 * does while both are busy: which generation is wanted, and which term runs on which row.
 */
export class ScanControl {
  readonly shared: SharedArrayBuffer
  readonly #slots: Int32Array

  /** Without `shared`: the engine's end, which is made first. */
  constructor(shared = new SharedArrayBuffer(slots * Int32Array.BYTES_PER_ELEMENT)) {
    this.shared = shared
    this.#slots = new Int32Array(shared)
  }

  /** The generation that is wanted; every other one is over. */
  get generation(): number {
    return Atomics.load(this.#slots, generationSlot)
  }

  set generation(generation: number) {
    Atomics.store(this.#slots, generationSlot, generation)
  }

  get place(): ScanPlace {
    return {
      step: Atomics.load(this.#slots, stepSlot),
      row: Atomics.load(this.#slots, rowSlot),
      term: Atomics.load(this.#slots, termSlot) - 1,
    }
  }

  // Plain stores: they happen for every row and term, and only their arrival in time matters.

  /** A row is about to be tested; no term is yet. */
  enterRow(row: number): void {
    this.#slots[termSlot] = 0
    this.#slots[rowSlot] = row
  }

  /** A term begins on the row. */
  enterTerm(term: number): void {
    this.#slots[stepSlot] = (this.#slots[stepSlot] ?? 0) + 1
    this.#slots[termSlot] = term + 1
  }

  /** No term is under test until the next one begins. */
  leave(): void {
    this.#slots[termSlot] = 0
  }
}
