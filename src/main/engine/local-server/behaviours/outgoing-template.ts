import { randomUUID } from 'node:crypto'
import { parseTemplate } from '@shared/model/parse-template'
import { parseHex, type ParsedBytes } from '@shared/model/payload-format'
import {
  fillTemplate,
  isConstantTemplate,
  serverScope,
  usesMessage,
  type TemplateSegment,
} from '@shared/model/template'
import type { TemplateMessage } from '@shared/model/template-message'
import type { BehaviourClient } from './behaviour'

export interface OutgoingOptions {
  /** Names of the parameters of the route's path. */
  readonly parameters: readonly string[]
  /** Whether it answers a message, which may then be put into it. */
  readonly answers: boolean
  /** How the filled template is read: as UTF-8, or as pairs of hex digits. */
  readonly as: 'text' | 'hex'
}

const encoder = new TextEncoder()

/** A template of a route, which counts how often it was filled. */
export class OutgoingTemplate {
  /** Whether it takes the message that is answered. */
  readonly usesMessage: boolean
  readonly opcode: 'text' | 'binary'
  readonly #segments: readonly TemplateSegment[]
  readonly #as: 'text' | 'hex'
  readonly #constant: ParsedBytes | null
  #count = 0

  /** @throws {Error} when the text is no template; `checkPlan` finds that out before. */
  constructor(text: string, { parameters, answers, as }: OutgoingOptions) {
    const template = parseTemplate(text, serverScope(parameters, answers))
    if (!template.ok) throw new Error(template.message)
    this.#segments = template.segments
    this.#as = as
    this.usesMessage = usesMessage(template.segments)
    this.opcode = as === 'text' ? 'text' : 'binary'
    this.#constant = isConstantTemplate(template.segments) ? this.#encoded(text) : null
  }

  /** The payload for a client, or why what was filled in is no hex. */
  fill(client: BehaviourClient, message: TemplateMessage | null): ParsedBytes {
    if (this.#constant) return this.#constant
    this.#count += 1
    const now = new Date()
    const server = { client, message, uuid: randomUUID }
    return this.#encoded(fillTemplate(this.#segments, { now, counter: this.#count, server }))
  }

  #encoded(text: string): ParsedBytes {
    return this.#as === 'hex' ? parseHex(text) : { ok: true, bytes: encoder.encode(text) }
  }
}
