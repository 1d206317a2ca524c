import { nextTick, watch, type Ref } from 'vue'
import type { FrameWindow } from '../../composables/useFrameWindow'
import { useTimeJump } from '../../composables/useTimeJump'
import type { TrafficSight } from '../../composables/useTrafficSight'
import { readTime } from './jump-time'
import type { RowSelection } from './row-selection'
import type { Period } from './timeline-brush'

/** Ways to a row by its time, and to one beside what is selected. */
export function useTrafficPlaces(
  frames: FrameWindow,
  sight: TrafficSight,
  end: Readonly<Ref<number>>,
  following: Ref<boolean>,
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

  /** What is to be in sight under the next filter: the first row, or the one with this id. */
  let wanted: number | 'first' | null = null

  /** Shows only a period, from its start; without one, all times around what was in sight. */
  function zoom(period: Period | null) {
    following.value = false
    wanted = period ? 'first' : (frames.entry(frames.visible.value.from)?.row.id ?? null)
    sight.setFilter({ period })
  }

  watch(frames.switching, async (switching) => {
    if (switching || wanted === null) return
    const target = wanted
    wanted = null
    const place = target === 'first' ? null : await frames.locate(target)
    await nextTick()
    reveal(place?.position ?? frames.first.value, false)
  })

  return { goToTime, showTime, showRow, zoom }
}
