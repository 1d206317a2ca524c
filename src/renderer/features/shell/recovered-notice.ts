import type { Notice } from '@shared/contract'

/** Whether a notice speaks of captures that a run left behind which ended before it could close them. */
export function speaksOfRecovered({ message }: Notice): boolean {
  return /\bcaptures?\b/i.test(message) && /\brecovered\b/i.test(message)
}
