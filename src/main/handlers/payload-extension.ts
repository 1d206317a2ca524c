import type { Row } from '@shared/model/frame'

/** Longer texts are not looked into, so that nothing waits for it. */
const longestLook = 1024 * 1024

/** What a payload's file is best called, by what it holds. `read` is asked only where that helps. */
export async function payloadExtension(
  row: Pick<Row, 'direction' | 'kind' | 'size'>,
  read: () => Promise<Uint8Array | undefined>,
): Promise<'json' | 'txt' | 'bin'> {
  if (row.direction !== 'none' && row.kind !== 'text') return 'bin'
  return row.kind === 'text' && row.size <= longestLook && isJson(await read()) ? 'json' : 'txt'
}

/** An object or a list; a lone number or word is a text like any other. */
function isJson(payload: Uint8Array | undefined): boolean {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(payload))
    return typeof value === 'object' && value !== null
  } catch {
    return false
  }
}
