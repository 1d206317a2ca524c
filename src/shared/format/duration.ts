/** Milliseconds in the unit that keeps three digits: `412 µs`, `12.4 ms`, `1.84 s`, `12 min`. */
export function formatDuration(milliseconds: number): string {
  const value = Math.abs(milliseconds)
  const sign = milliseconds < 0 ? '-' : ''
  if (value < 0.9995) return `${sign}${Math.round(value * 1000)} µs`
  if (value < 999.5) return `${sign}${threeDigits(value)} ms`
  if (value < 59_950) return `${sign}${threeDigits(value / 1000)} s`
  if (value < 5_970_000) return `${sign}${threeDigits(value / 60_000)} min`
  return `${sign}${threeDigits(value / 3_600_000)} h`
}

/** A running clock: `00:12:31`, days in front when there are any. */
export function formatClockDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  const days = Math.floor(seconds / 86_400)
  const clock = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60]
    .map((part) => String(part).padStart(2, '0'))
    .join(':')
  return days > 0 ? `${days} d ${clock}` : clock
}

function threeDigits(value: number): string {
  if (value < 9.995) return value.toFixed(2)
  if (value < 99.95) return value.toFixed(1)
  return value.toFixed(0)
}
