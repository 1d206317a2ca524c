import { useCommands } from '../../composables/useCommands'
import type { Command } from '../../stores/commands'

/** What the commands of a traffic list do. */
export interface TrafficActions {
  focusFilter(): void
  focusList(): void
  seek(backwards: boolean): void
  toggleBookmark(): void
  editNote(): void
  stepBookmark(by: 1 | -1): void
  toggleBookmarksOnly(): void
  goToTime(): void
  toggleTimeline(): void
  showAllTimes(): void
  resetColumns(): void
  export(): void
  togglePause(): void
  clear(): void
  undoClear(): void
}

/** What decides whether there is something to do. */
export interface TrafficFacts {
  readonly readOnly: () => boolean
  readonly cleared: () => boolean
  readonly zoomed: () => boolean
  readonly searching: () => boolean
}

/** The traffic list's part of the table of commands. */
export function useTrafficCommands(actions: TrafficActions, facts: TrafficFacts): void {
  const live = () => !facts.readOnly()
  const commands: readonly Omit<Command, 'group'>[] = [
    {
      id: 'traffic.filter',
      title: 'Filter traffic',
      keys: ['Mod+F', '/'],
      run: actions.focusFilter,
    },
    { id: 'traffic.focus', title: 'Go to the traffic list', run: actions.focusList },
    {
      id: 'traffic.nextMatch',
      title: 'Next match',
      keys: ['F3'],
      enabled: facts.searching,
      run: () => actions.seek(false),
    },
    {
      id: 'traffic.previousMatch',
      title: 'Previous match',
      keys: ['Shift+F3'],
      enabled: facts.searching,
      run: () => actions.seek(true),
    },
    {
      id: 'traffic.bookmark',
      title: 'Bookmark the row, or take its bookmark away',
      keys: ['B'],
      run: actions.toggleBookmark,
    },
    { id: 'traffic.note', title: 'Note something on the row', keys: ['N'], run: actions.editNote },
    {
      id: 'traffic.nextBookmark',
      title: 'Next bookmark',
      keys: ['F2'],
      run: () => actions.stepBookmark(1),
    },
    {
      id: 'traffic.previousBookmark',
      title: 'Previous bookmark',
      keys: ['Shift+F2'],
      run: () => actions.stepBookmark(-1),
    },
    {
      id: 'traffic.bookmarksOnly',
      title: 'Show bookmarks only, or all rows',
      run: actions.toggleBookmarksOnly,
    },
    { id: 'traffic.goToTime', title: 'Go to a time', keys: ['T'], run: actions.goToTime },
    {
      id: 'traffic.timeline',
      title: 'Show or hide the timeline',
      run: actions.toggleTimeline,
    },
    {
      id: 'traffic.allTimes',
      title: 'Show all times',
      enabled: facts.zoomed,
      run: actions.showAllTimes,
    },
    { id: 'traffic.resetColumns', title: 'Reset columns', run: actions.resetColumns },
    { id: 'traffic.export', title: 'Export traffic', keys: ['Mod+E'], run: actions.export },
    {
      id: 'traffic.pause',
      title: 'Pause or resume traffic',
      enabled: live,
      run: actions.togglePause,
    },
    { id: 'traffic.clear', title: 'Clear traffic', enabled: live, run: actions.clear },
    {
      id: 'traffic.undoClear',
      title: 'Show cleared traffic again',
      enabled: facts.cleared,
      run: actions.undoClear,
    },
  ]
  useCommands(commands.map((command) => ({ ...command, group: 'Traffic' })))
}
