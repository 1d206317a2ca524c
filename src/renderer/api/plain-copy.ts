/**
 * A copy without Vue's proxies, which neither Electron's context bridge nor structured clone takes.
 * Bytes are passed on as they are: Vue does not wrap them.
 */
export function plainCopy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainCopy)
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainCopy(item)]))
}
