import { computed, shallowRef, type Ref } from 'vue'
import { useSettingsStore } from '../../stores/settings'
import { useToastsStore } from '../../stores/toasts'
import {
  clampWidth,
  columnsOf,
  moveBefore,
  moveBy,
  settingsOf,
  type Column,
  type ColumnId,
} from './columns'

/**
 * The columns of the traffic list, the same for every log. `clientLabel` is the heading of the column
 * with the client's number, in logs that have several at a time.
 */
export function useColumns(clientLabel: Readonly<Ref<string | undefined>>) {
  const store = useSettingsStore()
  const toasts = useToastsStore()
  /** Widths that are being dragged and not kept yet. */
  const dragged = shallowRef<Partial<Record<ColumnId, number>>>({})

  const all = computed(() =>
    columnsOf(store.settings.columns).map((column) => ({
      ...column,
      width: dragged.value[column.id] ?? column.width,
    })),
  )
  /** Those there can be in this log. */
  const offered = computed(() =>
    all.value
      .filter(({ id }) => id !== (clientLabel.value === undefined ? 'client' : 'session'))
      .map((column) =>
        column.id === 'client' ? { ...column, label: clientLabel.value ?? column.label } : column,
      ),
  )
  /** Time shows the same as Delta then. */
  const redundant = computed<ColumnId | null>(() =>
    store.settings.timeDisplay === 'delta' ? 'delta' : null,
  )
  const shown = computed(() =>
    offered.value.filter((column) => column.shown && column.id !== redundant.value),
  )
  const changed = computed(() => store.settings.columns.length > 0)

  function keep(columns: readonly Column[]) {
    dragged.value = {}
    store.update({ columns: settingsOf(columns) }).catch(toasts.showError)
  }

  function change(id: ColumnId, part: Partial<Column>) {
    keep(all.value.map((column) => (column.id === id ? { ...column, ...part } : column)))
  }

  return {
    offered,
    shown,
    redundant,
    changed,
    /** While a border is dragged: nothing is kept. */
    drag: (id: ColumnId, width: number) =>
      (dragged.value = { ...dragged.value, [id]: clampWidth(id, width) }),
    resize: (id: ColumnId, width: number) => change(id, { width: clampWidth(id, width) }),
    show: (id: ColumnId, on: boolean) => change(id, { shown: on }),
    move: (id: ColumnId, before: ColumnId | null) => keep(moveBefore(all.value, id, before)),
    moveBy: (id: ColumnId, by: -1 | 1) => keep(moveBy(all.value, offered.value, id, by)),
    reset: () => {
      dragged.value = {}
      store.update({ columns: [] }).catch(toasts.showError)
    },
  }
}

export type Columns = ReturnType<typeof useColumns>
