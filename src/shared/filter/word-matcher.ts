import { findBytesIgnoringCase } from './byte-search'
import { fold, isAscii, isAsciiBytes, mayFoldToAscii } from './fold'
import type { RowContent } from './row-content'

/** Whether something holds of what a row says. */
export type ContentTest = (content: RowContent) => boolean

/**
 * Finds `text`, which must not be empty, in rows, whatever the case ({@link fold}). Where ASCII is
 * looked for or looked at, the bytes are compared without decoding them.
 */
export function wordMatcher(text: string): ContentTest {
  const needle = fold(text)
  if (!isAscii(needle)) {
    return (content) => !isAsciiBytes(content.bytes) && fold(content.text).includes(needle)
  }
  const search = findBytesIgnoringCase(new TextEncoder().encode(needle))
  return (content) => {
    const { bytes } = content
    if (search(bytes)) return true
    return !isAsciiBytes(bytes) && mayFoldToAscii(bytes) && fold(content.text).includes(needle)
  }
}
