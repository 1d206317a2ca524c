import { chunkBytes } from '@shared/contract'
import { AppError } from '@shared/errors'
import type { Decoding } from '../engine/decode/decoding'
import { sampleBytes } from '../engine/decode/sample'
import type { CompiledSchema } from '../engine/decode/protobuf/proto-types'
import type { ExchangeFiles } from '../engine/export/exchange-files'
import type { FrameLog } from '../engine/frame-log/frame-log'
import { rowEvicted } from '../engine/frame-log/require-row'
import type { EventHub } from '../event-hub'
import type { SchemaStore } from '../storage/schema-store'
import type { HandlersOf } from './handlers-of'

export interface DecodeParts {
  readonly logs: { find(logId: string): FrameLog | undefined }
  readonly decoding: Decoding
  readonly schemas: SchemaStore<CompiledSchema>
  readonly files: ExchangeFiles
  readonly hub: EventHub
}

export function decodeHandlers(parts: DecodeParts): HandlersOf<'decode'> & HandlersOf<'schemas'> {
  const { logs, decoding, schemas, files, hub } = parts

  function payloadOf(logId: string, rowId: number) {
    const log = logs.find(logId)
    if (!log) throw new AppError('NOT_FOUND', 'The traffic does not exist any more.')
    const size = log.meta(rowId)?.size
    if (size === undefined && rowId >= log.firstId)
      throw new AppError('NOT_FOUND', `There is no row ${rowId}.`)
    if (size === undefined) throw rowEvicted(rowId)
    return { size, pieces: (end: number) => pieces(log, rowId, Math.min(end, size)) }
  }

  const changed = () => hub.emit('schemas.changed', schemas.list())

  return {
    'decode.open'({ logId, rowId, chain }, { clientId }) {
      const payload = payloadOf(logId, rowId)
      return decoding.open(clientId, payload.pieces(payload.size), chain)
    },
    'decode.read': ({ decodedId, offset, length }, { clientId }) => ({
      bytes: decoding.read(clientId, decodedId, offset, length),
    }),
    'decode.close': ({ decodedId }, { clientId }) => decoding.close(clientId, decodedId),
    async 'decode.suggest'({ logId, rowId }) {
      const { size, pieces } = payloadOf(logId, rowId)
      return { chains: await decoding.suggest(pieces(sampleBytes), size) }
    },
    'schemas.list': () => schemas.list(),
    async 'schemas.add'({ fileId }, { clientId }) {
      const { name, payload } = await files.take(clientId, fileId)
      const added = await schemas.add(name, payload)
      changed()
      return added
    },
    async 'schemas.remove'({ schemaId }) {
      await schemas.remove(schemaId)
      changed()
    },
  }
}

/** In pieces, so that a large payload does not hold up everything else. */
async function* pieces(
  log: FrameLog,
  rowId: number,
  end: number,
): AsyncGenerator<Uint8Array, void> {
  for (let offset = 0; offset < end; offset += chunkBytes) {
    const piece = await log.payload(rowId, offset, Math.min(chunkBytes, end - offset))
    if (!piece) throw rowEvicted(rowId)
    yield piece
  }
}
