import { chunkBytes } from '@shared/contract'
import { engine } from '../api/engine'

/** Which payload is meant. */
export interface PayloadSource {
  readonly logId: string
  readonly rowId: number
  /** In bytes. */
  readonly size: number
}

/** Yields a part of a payload in pieces; `pieceBytes` at most is what crosses at once. */
export async function* readPayload(
  source: PayloadSource,
  start = 0,
  end = source.size,
  pieceBytes = chunkBytes,
): AsyncGenerator<Uint8Array, void, void> {
  const { logId, rowId } = source
  for (let offset = start; offset < end;) {
    const length = Math.min(pieceBytes, end - offset)
    const { bytes } = await engine.call('frames.payload', { logId, rowId, offset, length })
    if (bytes.byteLength === 0) return
    yield bytes
    offset += bytes.byteLength
  }
}
