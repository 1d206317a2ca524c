import type { FaultKind } from '@shared/model/server-fault'

/** How a parameter of a fault is edited. */
export type FaultField =
  | {
      readonly type: 'number'
      readonly key: string
      readonly label: string
      readonly least: number
      readonly most: number
      readonly suffix: string
      /** Only asked for where this other parameter has another value than this. */
      readonly unless?: readonly [key: string, value: string]
    }
  | {
      readonly type: 'choice'
      readonly key: string
      readonly label: string
      readonly options: readonly { readonly value: string; readonly label: string }[]
    }
  | { readonly type: 'text'; readonly key: string; readonly label: string }
  | { readonly type: 'headers'; readonly key: string; readonly label: string }
  | { readonly type: 'body'; readonly key: string; readonly label: string }

const longest = 60 * 60 * 1000

const number = (
  key: string,
  label: string,
  least: number,
  most: number,
  suffix = '',
): FaultField => ({ type: 'number', key, label, least, most, suffix })
const ms = (key: string, label: string) => number(key, label, 0, longest, 'ms')
const choice = (key: string, label: string, ...options: [string, string][]): FaultField => ({
  type: 'choice',
  key,
  label,
  options: options.map(([value, text]) => ({ value, label: text })),
})
const direction = choice(
  'direction',
  'Direction',
  ['out', 'What it writes'],
  ['in', 'What it reads'],
  ['both', 'Both'],
)

/** The parameters of each fault that only it has. */
export const faultFields: Readonly<Record<FaultKind, readonly FaultField[]>> = {
  delay: [
    ms('delay', 'Delay'),
    choice(
      'jitter',
      'Jitter',
      ['none', 'None'],
      ['uniform', 'Evenly, up to'],
      ['normal', 'Normal, deviation'],
    ),
    {
      type: 'number',
      key: 'spread',
      label: 'Spread',
      least: 0,
      most: longest,
      suffix: 'ms',
      unless: ['jitter', 'none'],
    },
  ],
  bandwidth: [number('bytesPerSecond', 'At most', 1, 1_000_000_000, 'B/s'), direction],
  stall: [ms('duration', 'For (0: for good)'), direction],
  'slow-handshake': [ms('delay', 'Answer after')],
  drop: [],
  duplicate: [number('copies', 'Copies', 1, 100)],
  reorder: [number('distance', 'Overtaken by', 1, 100, 'messages')],
  truncate: [number('bytes', 'Cut to', 0, 100_000_000, 'B')],
  corrupt: [number('bytes', 'Bytes changed', 1, 1000, 'B')],
  split: [number('fragments', 'Fragments', 2, 1000)],
  merge: [number('messages', 'Messages joined', 2, 100)],
  oversize: [number('bytes', 'Filled up to', 1, 200_000_000, 'B')],
  close: [number('code', 'Code', 0, 65_535), { type: 'text', key: 'reason', label: 'Reason' }],
  terminate: [choice('how', 'With', ['fin', 'FIN'], ['rst', 'Reset (RST)'])],
  'ignore-close': [],
  'ignore-ping': [],
  'ping-storm': [
    number('pings', 'Pings', 1, 100_000),
    number('perSecond', 'Rate', 1, 100_000, '/s'),
  ],
  'half-open': [],
  'refuse-after': [number('connections', 'Connections', 0, 1_000_000)],
  limit: [number('connections', 'Connections', 0, 1_000_000)],
  status: [
    number('status', 'Status', 100, 999),
    { type: 'headers', key: 'headers', label: 'Headers' },
    { type: 'body', key: 'body', label: 'Body' },
  ],
  accept: [choice('accept', 'Key', ['wrong', 'Wrong'], ['missing', 'Missing'])],
  subprotocol: [{ type: 'text', key: 'protocol', label: 'Subprotocol' }],
  extension: [{ type: 'text', key: 'extension', label: 'Extension' }],
  'http-1.0': [],
  garbage: [number('bytes', 'Length', 1, 100_000, 'B')],
  masked: [],
  'reserved-opcode': [number('opcode', 'Opcode', 0, 15)],
  rsv: [
    choice(
      'bits',
      'Bits',
      ['4', 'RSV1'],
      ['2', 'RSV2'],
      ['1', 'RSV3'],
      ['6', 'RSV1 and RSV2'],
      ['5', 'RSV1 and RSV3'],
      ['3', 'RSV2 and RSV3'],
      ['7', 'All three'],
    ),
  ],
  'invalid-utf8': [],
  'fragmented-control': [],
  'oversized-control': [number('bytes', 'Payload', 126, 100_000, 'B')],
  'stray-continuation': [],
  'non-minimal-length': [],
  'short-close': [],
}
