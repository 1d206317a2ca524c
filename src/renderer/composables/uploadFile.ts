import { chunkBytes } from '@shared/contract'
import { engine } from '../api/engine'

export interface UploadOptions {
  /** Told the bytes that are done. */
  readonly onProgress?: (done: number) => void
  /** Aborted: it fails with the signal's reason. */
  readonly signal?: AbortSignal
}

/** Hands a file to the engine in chunks. @returns its opaque handle. */
export async function uploadFile(
  file: File,
  { onProgress, signal }: UploadOptions = {},
): Promise<string> {
  signal?.throwIfAborted()
  const { fileId } = await engine.call('files.create', { name: file.name, size: file.size })
  onProgress?.(0)
  try {
    for (let offset = 0; offset < file.size; offset += chunkBytes) {
      const bytes = new Uint8Array(await file.slice(offset, offset + chunkBytes).arrayBuffer())
      signal?.throwIfAborted()
      await engine.call('files.append', { fileId, offset, bytes })
      onProgress?.(offset + bytes.byteLength)
    }
  } catch (error) {
    releaseFile(fileId)
    throw error
  }
  return fileId
}

/** Lets the engine forget a file; one it has forgotten already is no failure. */
export function releaseFile(fileId: string): void {
  engine.call('files.release', { fileId }).catch(() => undefined)
}
