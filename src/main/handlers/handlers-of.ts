import type { Handlers, ProcedureName } from '@shared/contract'

/** The handlers of every procedure of one noun, such as `profiles`; a missing one does not compile. */
export type HandlersOf<Noun extends string> = Pick<
  Handlers,
  Extract<ProcedureName, `${Noun}.${string}`>
>
