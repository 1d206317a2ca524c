import type { ServerPlan } from '@shared/model/server-route'

/** A plan as text; two that say the same give the same, whatever the order of their keys. */
export function planText(plan: ServerPlan): string {
  return JSON.stringify(plan, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  )
}
