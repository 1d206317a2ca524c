import { chunkBytes } from '@shared/contract'
import { engine } from '../api/engine'

/** Hands a file to the engine in chunks. @returns its opaque handle. */
export async function uploadFile(file: File): Promise<string> {
  const { fileId } = await engine.call('files.create', { name: file.name, size: file.size })
  for (let offset = 0; offset < file.size; offset += chunkBytes) {
    const bytes = new Uint8Array(await file.slice(offset, offset + chunkBytes).arrayBuffer())
    await engine.call('files.append', { fileId, offset, bytes })
  }
  return fileId
}
