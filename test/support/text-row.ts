import type { NewRow } from '../../src/main/engine/frame-log/frame-log'
import { newRow } from './new-row'

/** An incoming text at a time in milliseconds since the epoch. */
export function textRow(text: string, time = 0): NewRow {
  return newRow({ text, time })
}
