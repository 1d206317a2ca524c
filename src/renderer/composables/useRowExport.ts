import { engine } from '../api/engine'
import { formatCount } from '@shared/format/bytes'
import { useToastsStore } from '../stores/toasts'
import { copyText } from './copy-text'
import { useDownload } from './useDownload'
import type { FrameWindow } from './useFrameWindow'

/** Positions from `from` up to, not including, `to`. */
interface Positions {
  readonly from: number
  readonly to: number
}

const mostCopied = 10_000
const mostExported = 100_000

/** Takes rows out of a view as JSON Lines, to the clipboard or into a file. */
export function useRowExport(frames: FrameWindow) {
  const toasts = useToastsStore()
  const download = useDownload()

  async function copyRows(ranges: readonly Positions[]) {
    const viewId = frames.state.value?.viewId
    const count = countOf(ranges)
    if (viewId === undefined || count === 0) return
    if (count > mostCopied)
      return toasts.show(
        `At most ${formatCount(mostCopied)} rows can be copied at once; Export takes more.`,
        { level: 'error' },
      )
    try {
      const { text } = await engine.call('frames.copy', { viewId, rowIds: await idsOf(ranges) })
      await copyText(text)
      toasts.show(count === 1 ? 'Copied 1 row' : `Copied ${formatCount(count)} rows`)
    } catch (error) {
      toasts.showError(error)
    }
  }

  /** The rows at these positions, or with `null` the whole view. */
  async function exportRows(ranges: readonly Positions[] | null) {
    const viewId = frames.state.value?.viewId
    if (viewId === undefined) return
    if (ranges && countOf(ranges) > mostExported)
      return toasts.show(
        `At most ${formatCount(mostExported)} selected rows can be exported at once; without a selection the whole view is.`,
        { level: 'error' },
      )
    try {
      const rowIds = ranges && (await idsOf(ranges))
      await download.finish(await engine.call('frames.export', { viewId, rowIds }))
    } catch (error) {
      toasts.showError(error)
    }
  }

  async function idsOf(ranges: readonly Positions[]): Promise<number[]> {
    const ids: number[] = []
    for (const { from, to } of ranges)
      for (const row of await frames.readRows(from, to)) ids.push(row.id)
    return ids
  }

  return { copyRows, exportRows }
}

function countOf(ranges: readonly Positions[]): number {
  return ranges.reduce((count, { from, to }) => count + to - from, 0)
}
