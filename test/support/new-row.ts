import type { NewRow } from '../../src/main/engine/frame-log/frame-log'

/** A text message from the peer, with whatever the test says otherwise. */
export function newRow(part: Partial<NewRow> & { readonly text?: string } = {}): NewRow {
  const { text = 'hello', ...rest } = part
  const payload = rest.payload ?? new TextEncoder().encode(text)
  return {
    session: 1,
    time: 1_700_000_000_000,
    direction: 'in',
    kind: 'text',
    payload,
    wireSize: payload.byteLength + 2,
    fragments: 1,
    header: 0x8100 | Math.min(payload.byteLength, 125),
    maskingKey: 0,
    frames: null,
    raw: null,
    fate: null,
    rtt: null,
    broken: null,
    ...rest,
  }
}
