import { ref } from 'vue'
import { formatBytes } from '@shared/format/bytes'
import { formatBase64, formatHex } from '@shared/model/payload-format'
import { engine } from '../api/engine'
import { useToastsStore } from '../stores/toasts'
import { copyText } from './copy-text'
import { readPayload, type PayloadSource } from './read-payload'
import { useDownload } from './useDownload'

export type CopyFormat = 'text' | 'hex' | 'base64'

/** A multiple of three, so that base64 of the pieces is base64 of the whole. */
const pieceBytes = 192 * 1024
/** More would fill the clipboard with what nobody can paste. */
const mostCopied = 64 * 1024 * 1024

/** Takes a payload out of the app: onto the clipboard in one of three forms, or into a file. */
export function usePayloadCopy() {
  const toasts = useToastsStore()
  const download = useDownload()
  const busy = ref(false)

  /** Copies the bytes from `start` up to `end`. Long ones are read and written out piece by piece. */
  async function copy(
    source: PayloadSource,
    format: CopyFormat,
    start = 0,
    end = source.size,
  ): Promise<void> {
    if (end - start > mostCopied)
      return toasts.show(
        `${formatBytes(end - start)} are too much for the clipboard; the payload can be saved to a file.`,
        { level: 'error' },
      )
    busy.value = true
    try {
      const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
      const pieces: string[] = []
      for await (const bytes of readPayload(source, start, end, pieceBytes)) {
        if (format === 'text') pieces.push(decoder.decode(bytes, { stream: true }))
        else pieces.push(format === 'hex' ? formatHex(bytes) : formatBase64(bytes))
      }
      if (format === 'text') pieces.push(decoder.decode())
      await copyText(pieces.join(format === 'hex' ? ' ' : ''))
      toasts.show(`Copied ${formatBytes(end - start)} as ${format}`)
    } catch (error) {
      toasts.showError(error)
    }
    busy.value = false
  }

  async function save({ logId, rowId }: PayloadSource): Promise<void> {
    try {
      await download.finish(await engine.call('frames.savePayload', { logId, rowId }))
    } catch (error) {
      toasts.showError(error)
    }
  }

  return { busy, copy, save }
}
