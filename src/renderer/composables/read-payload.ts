import { chunkBytes } from '@shared/contract'
import { engine } from '../api/engine'

/** Which bytes are meant: a row's payload, or what a chain of decoders made of it. */
export interface PayloadSource {
  readonly logId: string
  readonly rowId: number
  /** In bytes. */
  readonly size: number
  /** The result of a chain; absent for the payload as it came. */
  readonly decodedId?: string
}

/** Two sources with the same key have the same bytes. */
export function sourceKey(source: PayloadSource | null): string {
  return source ? `${source.logId} ${source.rowId} ${source.decodedId ?? ''}` : ''
}

/** Yields a part of a payload in pieces; `pieceBytes` at most is what crosses at once. */
export async function* readPayload(
  source: PayloadSource,
  start = 0,
  end = source.size,
  pieceBytes = chunkBytes,
): AsyncGenerator<Uint8Array, void, void> {
  const { logId, rowId, decodedId } = source
  for (let offset = start; offset < end;) {
    const length = Math.min(pieceBytes, end - offset)
    const { bytes } =
      decodedId === undefined
        ? await engine.call('frames.payload', { logId, rowId, offset, length })
        : await engine.call('decode.read', { decodedId, offset, length })
    if (bytes.byteLength === 0) return
    yield bytes
    offset += bytes.byteLength
  }
}
