import { mkdir } from 'node:fs/promises'
import type { NewRow } from '../../src/main/engine/frame-log/frame-log'
import { SegmentLog } from '../../src/main/engine/frame-log/segment-log'

const utf8 = new TextEncoder()
const start = Date.now()

/** A log on disk, as a connection has one. */
export function openBenchLog(folder: string): SegmentLog {
  return new SegmentLog({
    id: 'bench',
    folder,
    prepare: async () => void (await mkdir(folder, { recursive: true })),
  })
}

/** One of many messages of 128 bytes of JSON: 1 in 1,000 has the word "beacon". */
export function benchRow(index: number): NewRow {
  const type = index % 1000 === 7 ? 'beacon' : 'ticker'
  const symbol = index % 50 === 0 ? 'FRS' : 'ABC'
  const price = ((index * 7919) % 20_000) / 100
  const text = `{"id":${index},"symbol":"${symbol}","type":"${type}","price":${price},"fill":"`
  return {
    session: 1,
    time: start + index / 1000,
    direction: 'in',
    kind: 'text',
    payload: utf8.encode(`${text.padEnd(126, '.')}"}`),
    wireSize: 132,
    fragments: 1,
    header: 0x817e,
    maskingKey: 0,
    frames: null,
    raw: null,
    fate: null,
    rtt: null,
    broken: null,
  }
}
