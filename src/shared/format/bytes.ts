/** Bytes as people read them: `184 B`, `2.1 kB`, `241 MB`; decimal units, three digits at most. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  let value = bytes
  let unit = 'B'
  for (const next of ['kB', 'MB', 'GB', 'TB']) {
    if (value < 999.5) break
    value /= 1000
    unit = next
  }
  return `${value < 99.95 ? value.toFixed(1) : value.toFixed(0)} ${unit}`
}

/** Bytes as budgets of whole binary units are set: `64 MiB`, `1 GiB`. */
export function formatBudget(bytes: number): string {
  const mebibytes = bytes / 1024 ** 2
  return mebibytes < 1024 ? `${mebibytes} MiB` : `${mebibytes / 1024} GiB`
}

const counting = new Intl.NumberFormat('en-US')

/** A count with thousands separators: `1,284,019`. */
export function formatCount(count: number): string {
  return counting.format(count)
}
