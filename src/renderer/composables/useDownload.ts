import { chunkBytes, type SavedFile } from '@shared/contract'
import { engine } from '../api/engine'
import { useToastsStore } from '../stores/toasts'

/** Finishes an export: the browser host's file is fetched in chunks and handed to the browser. */
export function useDownload() {
  const toasts = useToastsStore()

  async function finish(saved: SavedFile): Promise<void> {
    if (saved.outcome === 'cancelled') return
    if (saved.outcome === 'download') {
      await download(saved.fileId, saved.name, saved.size)
      await engine.call('files.release', { fileId: saved.fileId })
    }
    toasts.show(`Saved ${saved.name}`)
  }

  return { finish }
}

async function download(fileId: string, name: string, size: number): Promise<void> {
  const parts: Uint8Array<ArrayBuffer>[] = []
  for (let offset = 0; offset < size;) {
    const { bytes } = await engine.call('files.read', { fileId, offset, length: chunkBytes })
    if (bytes.byteLength === 0) break
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
