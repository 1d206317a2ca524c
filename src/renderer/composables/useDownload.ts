import { chunkBytes, type SavedFile } from '@shared/contract'
import { engine } from '../api/engine'
import { useToastsStore } from '../stores/toasts'
import { releaseFile } from './uploadFile'

/** Finishes an export: the browser host's file is fetched in chunks and handed to the browser. */
export function useDownload() {
  const toasts = useToastsStore()

  /** @returns whether there is a file now. Aborted, it lets go of the engine's file and throws. */
  async function finish(saved: SavedFile, signal?: AbortSignal): Promise<boolean> {
    if (saved.outcome === 'cancelled') return false
    if (saved.outcome === 'download') {
      try {
        await download(saved.fileId, saved.name, saved.size, signal)
      } finally {
        releaseFile(saved.fileId)
      }
    }
    toasts.show(`Saved ${saved.name}`)
    return true
  }

  return { finish }
}

async function download(
  fileId: string,
  name: string,
  size: number,
  signal?: AbortSignal,
): Promise<void> {
  const parts: Uint8Array<ArrayBuffer>[] = []
  for (let offset = 0; offset < size;) {
    const { bytes } = await engine.call('files.read', { fileId, offset, length: chunkBytes })
    signal?.throwIfAborted()
    if (bytes.byteLength === 0) throw new Error('The file ended before all of it was fetched.')
    parts.push(new Uint8Array(bytes))
    offset += bytes.byteLength
  }
  const url = URL.createObjectURL(new Blob(parts))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
