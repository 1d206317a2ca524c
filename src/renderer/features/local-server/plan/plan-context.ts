import { inject, provide, type InjectionKey } from 'vue'
import type { Place } from './plan-problems'

/** What the parts of the editor ask of the whole. */
export interface PlanContext {
  /** What is wrong at a place, empty for nothing. */
  readonly problemAt: (...place: Place) => string
  /** How much is wrong within places. */
  readonly problemsIn: (...places: readonly Place[]) => number
  /** Says that an item was removed from a list, and offers to put it back. */
  readonly offerUndo: (what: string, list: Place, index: number, item: unknown) => void
}

const key: InjectionKey<PlanContext> = Symbol('plan')

export function providePlan(context: PlanContext): void {
  provide(key, context)
}

export function usePlan(): PlanContext {
  return inject(key, { problemAt: () => '', problemsIn: () => 0, offerUndo: () => {} })
}
