import { isDeepStrictEqual } from 'node:util'
import type { Fault, FaultDirection } from '@shared/model/server-fault'
import { opcodes } from '../wire/frame-header'
import type { LineWire, WireLine, Written } from '../wire/wire-line'
import { InFlow } from './in-flow'
import { Occasions } from './occasions'
import { OutFlow } from './out-flow'
import { OutReader } from './out-reader'
import { opcodeOf, type OutUnit } from './out-unit'
import { SilenceStage } from './silence-stage'
import type { Stage, StageLine } from './stage'
import { isTiming, stageOf } from './stage-of'

export interface FaultLineOptions {
  /** Runs with the same seed have the same faults. */
  readonly seed: number
  /** Which client of its route it is, so that not all have the same. */
  readonly client: number
  /** A fault strikes: `Fault: Drop struck: text message of 12 B not sent`. Its effect comes after. */
  readonly note: (text: string) => void
}

/**
 * The faults of one client, between `ws` and the socket: inserted into the tap of the connection with
 * {@link WireTap.insert}. What `ws` writes passes one stage per fault, in their order. Limits of
 * bandwidth, stalls and silence hold at the end of it, for all bytes.
 */
export class FaultLine implements WireLine {
  readonly #options: FaultLineOptions
  readonly #reader: OutReader
  readonly #occasions = new Map<string, Occasions>()
  readonly #stageLine: StageLine
  #faults: readonly Fault[] = []
  #stages: readonly Stage[] = []
  #wire: LineWire | null = null
  #in: InFlow | null = null
  #out: OutFlow | null = null
  #held = 0
  /** Whether `ws` has sent a close frame, and whether a fault has. */
  #closeSent = false
  #ownCloseSent = false
  #isOver = false
  #onFinished: (() => void) | null = null

  constructor(options: FaultLineOptions) {
    this.#options = options
    this.#reader = new OutReader({
      begin: () => this.#wire?.withhold() ?? null,
      onUnit: (unit) => this.#enter(unit),
      onSettled: (bytes) => {
        this.#held -= bytes
        this.#lookFinished()
      },
    })
    this.#stageLine = {
      note: options.note,
      drop: (message) => this.#wire?.drop(message),
      block: (by, direction) => {
        for (const { flow } of this.#flows(direction)) flow.block(by)
      },
      unblock: (by) => {
        for (const { flow } of this.#flows('both')) flow.unblock(by)
      },
      limit: (by, direction, bytesPerSecond) => {
        for (const { flow } of this.#flows(direction)) flow.limit(by, bytesPerSecond)
      },
    }
  }

  get isActive(): boolean {
    if (this.#isOver) return false
    return this.#stages.length > 0 || this.#out?.isIdle === false || !this.#reader.isBetween
  }

  get held(): number {
    return this.#held
  }

  get limitsReading(): boolean {
    return this.#in?.isLimited === true
  }

  get watchesClose(): boolean {
    return this.#stages.some(({ fault }) => fault.kind === 'ignore-close')
  }

  connect(wire: LineWire): void {
    this.#wire = wire
    this.#in = new InFlow(
      (chunk) => wire.read(chunk),
      (stopped) => wire.stopReading(stopped),
    )
    this.#out = new OutFlow(wire, () => this.#lookFinished())
  }

  /**
   * Changes the faults, at any time once the line is in a tap. What waits for a fault that is gone
   * goes on at once and before all that comes later. A fault that was there before and has the same
   * id counts on; one that strikes when the WebSocket opens strikes now when it was not there.
   * @param faults in the order they act; those of the handshake do nothing here.
   */
  set(faults: readonly Fault[]): void {
    if (this.#isOver || !this.#wire) return
    const wasActive = this.isActive
    const before = new Set(this.#faults.map(({ id }) => id))
    const old = this.#stages
    this.#faults = faults.filter(({ enabled }) => enabled)
    const kept = this.#keep(old)
    const stages = this.#faults.flatMap(
      (fault) => kept.get(fault.id) ?? this.#newStage(fault) ?? [],
    )
    this.#stages = stages
    if (!wasActive && stages.length > 0) this.#waitForPassed()
    for (const [index, stage] of stages.entries()) {
      const next = stages[index + 1]
      stage.pass = (unit) => (next ? next.take(unit) : this.#leave(unit))
    }
    const isKept = (stage: Stage) => kept.get(stage.fault.id) === stage
    let next: Stage | undefined
    // From the end on, so that what is ahead leaves first.
    for (const stage of old.toReversed()) {
      if (isKept(stage)) next = stage
      else {
        const after = next
        stage.pass = (unit) => (after ? after.take(unit) : this.#leave(unit))
        stage.release()
      }
    }
    this.#reader.assembles = stages.some(({ fault }) => !isTiming(fault))
    for (const stage of stages)
      if (!isKept(stage))
        stage.start(!before.has(stage.fault.id) || this.#occasionsOf(stage.fault).isFresh)
  }

  write(chunk: Buffer, callback: Written): void {
    this.#held += chunk.length
    this.#reader.add(chunk, callback)
  }

  finish(callback: () => void): void {
    this.#onFinished = callback
    this.#lookFinished()
  }

  read(chunk: Buffer | null): void {
    this.#in?.read(chunk)
  }

  received(): void {
    for (const stage of this.#stages) stage.received()
  }

  takesClose(): boolean {
    if (this.#closeSent || this.#ownCloseSent) return false
    return this.#stages.some((stage) => stage instanceof SilenceStage && stage.takesClose())
  }

  fail(error: Error): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#in?.stop()
    this.#out?.fail(error)
    for (const stage of this.#stages) stage.fail(error)
    this.#reader.fail(error)
    this.#held = 0
    this.#onFinished = null
  }

  /** What went past the line comes first. */
  #waitForPassed(): void {
    this.#out?.flow.block(this)
    this.#wire?.whenPassed(() => this.#out?.flow.unblock(this))
  }

  /** The stages whose faults are as they were, by their id; none when their order is another. */
  #keep(stages: readonly Stage[]): Map<string, Stage> {
    const kept = stages.filter(({ fault }) =>
      this.#faults.some((wanted) => isDeepStrictEqual(wanted, fault)),
    )
    const places = kept.map(({ fault }) => this.#faults.findIndex(({ id }) => id === fault.id))
    const isInOrder = places.every(
      (place, index) => index === 0 || place > (places[index - 1] ?? 0),
    )
    return new Map(isInOrder ? kept.map((stage) => [stage.fault.id, stage]) : [])
  }

  #newStage(fault: Fault): Stage | null {
    return stageOf(fault, this.#occasionsOf(fault), this.#stageLine)
  }

  #occasionsOf({ id }: Fault): Occasions {
    const known = this.#occasions.get(id)
    if (known) return known
    const occasions = new Occasions(this.#options.seed, this.#options.client, id)
    this.#occasions.set(id, occasions)
    return occasions
  }

  #flows(direction: FaultDirection): { readonly flow: InFlow['flow'] }[] {
    const flows = []
    if (this.#in && direction !== 'out') flows.push(this.#in)
    if (this.#out && direction !== 'in') flows.push(this.#out)
    return flows
  }

  #enter(unit: OutUnit): void {
    if (opcodeOf(unit) === opcodes.close) {
      // The closing handshake is under way since the fault's close frame; another must not follow it.
      if (this.#ownCloseSent) return unit.settle(null)
      this.#closeSent = true
    }
    const [first] = this.#stages
    if (first) first.take(unit)
    else this.#leave(unit)
  }

  #leave(unit: OutUnit): void {
    if (unit.isAltered && opcodeOf(unit) === opcodes.close) this.#ownCloseSent = true
    this.#out?.take(unit)
  }

  #lookFinished(): void {
    if (this.#held > 0 || !this.#out?.isIdle) return
    const callback = this.#onFinished
    this.#onFinished = null
    callback?.()
  }
}
