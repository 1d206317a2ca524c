import type { Input } from '@shared/contract'
import { AppError } from '@shared/errors'
import type { DataOpcode, RepeatState } from '@shared/model/connection'
import { parseTemplate } from '@shared/model/parse-template'
import { encodeDraft } from '@shared/model/payload-format'
import { fillTemplate, isConstantTemplate } from '@shared/model/template'

/** What is sent again and again, and how often. */
export type RepeatPlan = Omit<Input<'connections.startRepeat'>, 'connectionId'>

export interface RepeatOptions {
  readonly plan: RepeatPlan
  /** Sends one message; the repeat ends when it throws or rejects. */
  readonly send: (opcode: DataOpcode, payload: Uint8Array) => Promise<unknown>
  /** Whether the socket has so much to write that a beat is left out. */
  readonly isBackedUp: () => boolean
  /** One more was sent. */
  readonly onProgress: () => void
  /** The end, exactly once, unless it was stopped. `error` is `null` when all were sent. */
  readonly onEnd: (error: unknown) => void
}

/**
 * Sends a message every `interval` ms: the first one at once, the others on beats counted from it, so
 * that it does not drift. A beat that is missed, because the process was late or the socket is backed
 * up, is left out rather than made up for.
 */
export class Repeat {
  readonly #options: RepeatOptions
  readonly #message: RepeatedMessage
  readonly #start = performance.now()
  #timer: NodeJS.Timeout | undefined
  #running = true
  #beats = 0
  #begun = 0
  #sent = 0

  /** @throws {AppError} TEMPLATE_INVALID, PAYLOAD_INVALID. */
  constructor(options: RepeatOptions) {
    this.#options = options
    this.#message = parseMessage(options.plan)
  }

  get state(): RepeatState {
    const { total, interval } = this.#options.plan
    return { sent: this.#sent, total, interval }
  }

  start(): void {
    this.#beat()
  }

  stop(): void {
    this.#running = false
    clearTimeout(this.#timer)
  }

  #beat(): void {
    if (!this.#options.isBackedUp()) void this.#sendOne()
    if (this.#running && this.#begun !== this.#options.plan.total) this.#wait()
  }

  async #sendOne(): Promise<void> {
    const { plan, send, onProgress } = this.#options
    this.#begun += 1
    const { opcode, payload } = this.#message
    try {
      await send(opcode, payload(this.#begun))
    } catch (error) {
      return this.#end(error)
    }
    if (!this.#running) return
    this.#sent += 1
    onProgress()
    if (this.#sent === plan.total) this.#end(null)
  }

  #wait(): void {
    const { interval } = this.#options.plan
    const elapsed = performance.now() - this.#start
    // A timer may come a little early, which must not make the same beat sound twice.
    this.#beats = Math.max(this.#beats, Math.floor(elapsed / interval)) + 1
    this.#timer = setTimeout(() => this.#beat(), this.#beats * interval - elapsed)
  }

  #end(error: unknown): void {
    if (!this.#running) return
    this.stop()
    this.#options.onEnd(error)
  }
}

interface RepeatedMessage {
  readonly opcode: DataOpcode
  /** Makes the payload of a send, counted from 1. */
  readonly payload: (counter: number) => Uint8Array
}

function parseMessage({ format, content, opcode }: RepeatPlan): RepeatedMessage {
  // With templates in it, JSON becomes JSON only when it is sent.
  const draftFormat = format === 'json' ? 'text' : format
  const encoded = encodeDraft({
    format: draftFormat,
    text: content,
    hex: content,
    base64: content,
    opcode,
  })
  if (!encoded.ok) {
    const { message, offset, line, column } = encoded
    throw new AppError('PAYLOAD_INVALID', `Line ${line}, column ${column}: ${message}`, {
      details: { offset, line, column },
    })
  }
  const constant = { opcode: encoded.opcode, payload: () => encoded.bytes }
  if (draftFormat !== 'text') return constant
  const template = parseTemplate(content)
  if (!template.ok)
    throw new AppError('TEMPLATE_INVALID', template.message, {
      details: { offset: template.offset },
    })
  if (isConstantTemplate(template.segments)) return constant
  const encoder = new TextEncoder()
  return {
    opcode: 'text',
    payload: (counter) =>
      encoder.encode(fillTemplate(template.segments, { now: new Date(), counter })),
  }
}
