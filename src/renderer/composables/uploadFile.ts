import { chunkBytes } from '@shared/contract'
import { engine } from '../api/engine'

/** Hands a file to the engine in chunks, telling the bytes done. @returns its opaque handle. */
export async function uploadFile(file: File, onProgress?: (done: number) => void): Promise<string> {
  const { fileId } = await engine.call('files.create', { name: file.name, size: file.size })
  onProgress?.(0)
  try {
    for (let offset = 0; offset < file.size; offset += chunkBytes) {
      const bytes = new Uint8Array(await file.slice(offset, offset + chunkBytes).arrayBuffer())
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
