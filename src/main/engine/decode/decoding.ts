import { AppError } from '@shared/errors'
import { decodeDeadline, type DecodeChain, type DecodedInfo } from '@shared/model/decode'
import type { Bytes } from './decode-failure'
import type { SchemaFile } from './decode-messages'
import { DecodeThreads } from './decode-threads'
import { KeptResults } from './kept-results'
import type { CompiledSchema, ProtoTypes } from './protobuf/proto-types'

/** A payload, whole or piece by piece. Pieces move to another thread and are empty afterwards. */
export type DecodePayload = Uint8Array | AsyncIterable<Uint8Array> | Iterable<Uint8Array>

export interface DecodingOptions {
  /** The types of a schema; `null` when it is gone. */
  readonly typesOf: (schemaId: string) => Promise<ProtoTypes | null>
  /** Most time one chain may take, in milliseconds; {@link decodeDeadline} unless a test says so. */
  readonly deadline?: number
}

/** Decodes payloads off the main thread and keeps the results for those who look at them. */
export class Decoding {
  readonly #typesOf: DecodingOptions['typesOf']
  readonly #threads: DecodeThreads
  readonly #kept = new KeptResults()
  readonly #opening = new Set<{ readonly clientId: string; cancelled: boolean }>()

  constructor({ typesOf, deadline = decodeDeadline }: DecodingOptions) {
    this.#typesOf = typesOf
    this.#threads = new DecodeThreads(deadline)
  }

  /**
   * Runs a chain. What a payload holds is never an error: `problem` says how far the chain got. The
   * result is kept until it is closed, the client goes, or newer ones take its place.
   * @throws {AppError} DECODE_FAILED when it takes too long or too much memory, NOT_FOUND when the
   * client went away meanwhile, BACKEND_GONE, and what the payload itself throws.
   */
  async open(clientId: string, payload: DecodePayload, chain: DecodeChain): Promise<DecodedInfo> {
    const opening = { clientId, cancelled: false }
    this.#opening.add(opening)
    try {
      const types = await this.#typesFor(chain)
      const request = { kind: 'run', chain, types } as const
      const reply = await this.#threads.run({
        payload: pieces(payload),
        title: 'Decoding the payload',
        request,
      })
      if (reply.kind !== 'decoded') throw unexpected(reply.kind)
      if (opening.cancelled) throw notKept()
      return { decodedId: this.#kept.add(clientId, reply.bytes), ...reply.info }
    } finally {
      this.#opening.delete(opening)
    }
  }

  /**
   * What is there of `length` bytes at `offset` of a result, as a copy; empty at the end.
   * @throws {AppError} NOT_FOUND.
   */
  read(clientId: string, decodedId: string, offset: number, length: number): Bytes {
    const bytes = this.#kept.get(clientId, decodedId)
    if (!bytes) throw notKept()
    return bytes.slice(offset, offset + length)
  }

  /** Lets a result go; does nothing when the client has no such result. */
  close(clientId: string, decodedId: string): void {
    this.#kept.remove(clientId, decodedId)
  }

  /**
   * Chains that fit a payload, the likeliest first; none for what can be read as it is.
   * @param payload Its first 64 KiB are enough.
   * @param size Bytes of all of it.
   * @throws {AppError} As {@link open}.
   */
  async suggest(payload: DecodePayload, size: number): Promise<DecodeChain[]> {
    const reply = await this.#threads.run({
      payload: pieces(payload),
      title: 'Looking for decoders',
      request: { kind: 'suggest', size },
    })
    if (reply.kind !== 'suggested') throw unexpected(reply.kind)
    return reply.chains
  }

  /**
   * Reads a .proto file or a descriptor set.
   * @param files The file itself first, then what it imports. They are copied.
   * @throws {AppError} DECODE_FAILED with what is wrong, and in which file.
   */
  async readSchema(files: readonly SchemaFile[]): Promise<CompiledSchema> {
    const request = { kind: 'compile', files } as const
    const reply = await this.#threads.run({ payload: [], title: 'Reading the schema', request })
    if (reply.kind !== 'compiled') throw unexpected(reply.kind)
    return reply.schema
  }

  /**
   * The names of the files that a .proto file imports, without the well-known types of Google.
   * @throws {AppError} DECODE_FAILED with the line that cannot be read.
   */
  async schemaImports(file: SchemaFile): Promise<readonly string[]> {
    const request = { kind: 'imports', file } as const
    const reply = await this.#threads.run({ payload: [], title: 'Reading the schema', request })
    if (reply.kind !== 'imported') throw unexpected(reply.kind)
    return reply.names
  }

  /** A client is gone, and its results with it. */
  releaseOwnedBy(clientId: string): void {
    for (const opening of this.#opening) opening.cancelled ||= opening.clientId === clientId
    this.#kept.removeOwnedBy(clientId)
  }

  /** Ends the threads and lets everything go. */
  async dispose(): Promise<void> {
    this.#kept.clear()
    await this.#threads.dispose()
  }

  async #typesFor(chain: DecodeChain): Promise<Map<string, ProtoTypes>> {
    const found = new Map<string, ProtoTypes>()
    for (const step of chain) {
      if (step.name !== 'protobuf' || step.schemaId === null) continue
      const types = await this.#typesOf(step.schemaId)
      if (types) found.set(step.schemaId, types)
    }
    return found
  }
}

function pieces(payload: DecodePayload): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  return payload instanceof Uint8Array ? [payload] : payload
}

function notKept(): AppError {
  return new AppError(
    'NOT_FOUND',
    'The decoded payload is not kept any more. It must be decoded again.',
  )
}

function unexpected(kind: string): Error {
  return new Error(`The decoder answered “${kind}” to something else.`)
}
