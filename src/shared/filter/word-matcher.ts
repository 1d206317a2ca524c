import { fold, isAsciiBytes } from './fold'
import type { RowContent } from './row-content'
import { isWritable, WrittenWord } from './written-word'

/** Whether something holds of what a row says. */
export type ContentTest = (content: RowContent) => boolean

/** Finds `text`, which must not be empty, in rows, whatever the case ({@link fold}). */
export function wordMatcher(text: string): ContentTest {
  const needle = fold(text)
  if (isWritable(needle)) {
    const word = new WrittenWord(needle)
    return (content) => word.isIn(content.bytes)
  }
  return (content) => !isAsciiBytes(content.bytes) && fold(content.text).includes(needle)
}
