/** Texts for values, with everything structured clone carries between page and process. */
export interface Codec {
  encode(value: unknown): string
  decode(text: string): unknown
}

/**
 * Runs in the page and in Node, and its source is put into the page as it stands: it uses nothing
 * from outside. Values must have gone through `structuredClone` before.
 */
export function createCodec(): Codec {
  const base64 = (bytes: Uint8Array): string => {
    let text = ''
    for (let start = 0; start < bytes.length; start += 32_768)
      text += String.fromCharCode(...bytes.subarray(start, start + 32_768))
    return btoa(text)
  }
  const fromBase64 = (text: string): Uint8Array<ArrayBuffer> => {
    const characters = atob(text)
    const bytes = new Uint8Array(characters.length)
    for (let index = 0; index < characters.length; index += 1)
      bytes[index] = characters.charCodeAt(index)
    return bytes
  }

  const pack = (value: unknown): unknown => {
    if (value === undefined) return { $: 'undefined' }
    if (typeof value === 'bigint') return { $: 'bigint', text: String(value) }
    if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0)))
      return { $: 'number', text: Object.is(value, -0) ? '-0' : String(value) }
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return value.map(pack)
    if (value instanceof Date) return { $: 'date', time: value.getTime() }
    if (value instanceof Error) return { $: 'error', message: value.message }
    if (value instanceof ArrayBuffer) return { $: 'buffer', text: base64(new Uint8Array(value)) }
    if (ArrayBuffer.isView(value)) {
      if (!(value instanceof Uint8Array)) throw new TypeError('Only Uint8Array views are carried')
      return { $: 'bytes', text: base64(value) }
    }
    if (value instanceof Map) return { $: 'map', entries: [...value].map(pack) }
    if (value instanceof Set) return { $: 'set', entries: [...value].map(pack) }
    return {
      $: 'object',
      entries: Object.entries(value).map(([key, item]) => [key, pack(item)]),
    }
  }

  const unpack = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return value.map(unpack)
    const {
      $: kind,
      text,
      time,
      message,
      entries,
    } = value as {
      readonly $: string
      readonly text: string
      readonly time: number
      readonly message: string
      readonly entries: [string, unknown][]
    }
    const makers: Record<string, () => unknown> = {
      undefined: () => undefined,
      bigint: () => BigInt(text),
      number: () => Number(text),
      date: () => new Date(time),
      error: () => new Error(message),
      buffer: () => fromBase64(text).buffer,
      bytes: () => fromBase64(text),
      map: () => new Map(entries.map(unpack) as [unknown, unknown][]),
      set: () => new Set(entries.map(unpack)),
      object: () => Object.fromEntries(entries.map(([key, item]) => [key, unpack(item)])),
    }
    return makers[kind]?.()
  }

  return {
    encode: (value) => JSON.stringify(pack(value)),
    decode: (text) => unpack(JSON.parse(text)),
  }
}
