import type { ExportFormat } from '@shared/model/export'

/** A format as it is chosen: its mode is part of the choice. */
export interface FormatChoice {
  readonly value: string
  readonly label: string
  /** What it is for, in one line. */
  readonly hint: string
  readonly format: ExportFormat
}

export const formatChoices: readonly FormatChoice[] = [
  {
    value: 'jsonl',
    label: 'JSON Lines',
    hint: 'Everything Framescope knows, one row a line; can be imported again.',
    format: { name: 'jsonl' },
  },
  {
    value: 'har-chrome',
    label: 'HAR, for Chrome',
    hint: 'What Chrome writes and imports: handshakes and messages, without control frames.',
    format: { name: 'har', mode: 'chrome' },
  },
  {
    value: 'har-extended',
    label: 'HAR, extended',
    hint: 'Handshakes, messages, pings, pongs and how each connection closed.',
    format: { name: 'har', mode: 'extended' },
  },
  {
    value: 'csv',
    label: 'CSV',
    hint: 'A table for spreadsheets; binary payloads in Base64.',
    format: { name: 'csv' },
  },
  {
    value: 'pcapng-tcp',
    label: 'pcapng, TCP',
    hint: 'For Wireshark, with Follow Stream. The TCP headers are invented.',
    format: { name: 'pcapng', mode: 'tcp' },
  },
  {
    value: 'pcapng-pdu',
    label: 'pcapng, exported PDU',
    hint: 'For Wireshark, without invented headers and without Follow Stream.',
    format: { name: 'pcapng', mode: 'pdu' },
  },
  {
    value: 'payloads',
    label: 'Payloads',
    hint: 'The bytes of the messages one after the other; texts end with a line feed.',
    format: { name: 'payloads' },
  },
]
