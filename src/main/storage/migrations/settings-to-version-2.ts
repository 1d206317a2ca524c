const oldDefault = 256 * 1024 * 1024
const newDefault = 1024 * 1024 * 1024

/** Logs went to disk, and what they hold unless told otherwise grew. A budget of one's own stays. */
export function settingsToVersion2(data: unknown): unknown {
  if (typeof data !== 'object' || data === null || !('logBudget' in data)) return data
  return data.logBudget === oldDefault ? { ...data, logBudget: newDefault } : data
}
