import { DecodeFailure, type Bytes } from './decode-failure'
import type { DecodeReply, DecodeRequest } from './decode-messages'
import { readSchema, schemaImports } from './protobuf/read-schema'
import { runChain } from './run-chain'
import { suggest } from './suggest'

/** Answers what the worker is asked. `null` for a piece of a payload, which is kept until it is needed. */
export function decodeRequests(): (request: DecodeRequest) => DecodeReply | null {
  let pieces: Bytes[] = []

  function payload(): Bytes {
    const [first] = pieces
    const all = first && pieces.length === 1 ? first : joined(pieces)
    pieces = []
    return all
  }

  function answer(request: DecodeRequest): DecodeReply | null {
    switch (request.kind) {
      case 'piece':
        pieces.push(request.bytes)
        return null
      case 'run': {
        const { chain, types } = request
        const { bytes, info } = runChain(payload(), chain, (id) => types.get(id) ?? null)
        return { kind: 'decoded', bytes, info }
      }
      case 'suggest':
        return { kind: 'suggested', chains: suggest(payload(), request.size) }
      case 'compile':
        return { kind: 'compiled', schema: readSchema(request.files) }
      case 'imports':
        return { kind: 'imported', names: schemaImports(request.file) }
    }
  }

  return (request) => {
    try {
      return answer(request)
    } catch (error) {
      if (error instanceof DecodeFailure) return { kind: 'refused', message: error.message }
      throw error
    }
  }
}

function joined(pieces: readonly Bytes[]): Bytes {
  const all = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  return all
}
