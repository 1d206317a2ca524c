import { computed, type Ref } from 'vue'
import { copyText } from '../../composables/copy-text'
import type { FrameWindow } from '../../composables/useFrameWindow'
import { useRangeStatistics } from '../../composables/useRangeStatistics'
import { useToastsStore } from '../../stores/toasts'
import { countSelected, pairsOf, type RowSelection } from './row-selection'
import { statisticsText } from './statistics-text'

/** The selection as positions, and what it adds up to when it is more than one row. */
export function useSelectedStatistics(frames: FrameWindow, selection: Readonly<Ref<RowSelection>>) {
  const toasts = useToastsStore()
  const ranges = computed(() => pairsOf(selection.value))
  const count = computed(() => countSelected(selection.value))
  const statistics = useRangeStatistics(
    frames,
    computed(() => (count.value > 1 ? ranges.value : [])),
  )

  function copy() {
    if (!statistics.value) return
    copyText(statisticsText(statistics.value)).then(
      () => toasts.show('Copied the statistics'),
      toasts.showError,
    )
  }

  return { ranges, count, statistics, copy }
}
