import type { Ref } from 'vue'
import type { FrameWindow } from '../../composables/useFrameWindow'
import { useTimeJump } from '../../composables/useTimeJump'
import { readTime } from './jump-time'
import type { RowSelection } from './row-selection'

/** Ways to a row by its time, and to one beside what is selected. */
export function useTrafficPlaces(
  frames: FrameWindow,
  end: Readonly<Ref<number>>,
  selection: Ref<RowSelection>,
  goToPosition: (position: number) => void,
  reveal: (position: number, insisting: boolean) => void,
) {
  const jump = useTimeJump(frames)

  /** @returns why it is not possible to go there, or `null`. */
  async function goToTime(text: string): Promise<string | null> {
    const span = await jump.span()
    if (!span) return 'The list has no rows.'
    const { active } = selection.value
    const here = (active === null ? undefined : await frames.rowAt(active))?.time ?? span.from
    const read = readTime(text, { ...span, here })
    if ('error' in read) return read.error
    await showTime(read.time)
    return null
  }

  async function showTime(time: number) {
    const position = await jump.positionAt(time)
    if (position !== null) goToPosition(Math.min(position, end.value - 1))
  }

  /** Goes to a row without letting go of what is selected. */
  async function showRow(rowId: number) {
    const place = await frames.locate(rowId)
    if (!place?.exact) return
    selection.value = { ...selection.value, active: place.position }
    reveal(place.position, true)
  }

  return { goToTime, showTime, showRow }
}
