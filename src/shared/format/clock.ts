/** Local time of day with milliseconds: `14:47:12.037`. Milliseconds since the epoch in. */
export function formatClock(time: number): string {
  const date = new Date(time)
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`
}

/** Local date and time with microseconds: `2026-11-22 14:47:12.037412`. */
export function formatTimestamp(time: number): string {
  const date = new Date(time)
  const microseconds = Math.floor((time % 1) * 1000)
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${formatClock(time)}${String(microseconds).padStart(3, '0')}`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
