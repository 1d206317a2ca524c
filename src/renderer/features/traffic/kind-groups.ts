import { rowKinds, type RowKind } from '@shared/model/frame'

/** The kinds of rows as the list of types groups them. */
export const kindGroups: readonly { readonly label: string; readonly kinds: readonly RowKind[] }[] =
  [
    { label: 'Messages', kinds: ['text', 'binary'] },
    { label: 'Control frames', kinds: ['ping', 'pong', 'close'] },
    { label: 'Events', kinds: ['open', 'error', 'note'] },
  ]

export const controlKinds: readonly RowKind[] = ['ping', 'pong', 'close']

/** A kind as the Type column and the list of types name it. */
export function kindLabel(kind: RowKind): string {
  return kind.charAt(0).toUpperCase() + kind.slice(1)
}

/** The kinds shown when some are switched on or off, always in the same order. */
export function withKinds(
  shown: readonly RowKind[],
  kinds: readonly RowKind[],
  on: boolean,
): RowKind[] {
  return rowKinds.filter((kind) => (kinds.includes(kind) ? on : shown.includes(kind)))
}
