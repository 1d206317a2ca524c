/** Which line ends a text has, when they are worth a word: LF alone is not. */
export function lineEndsIn(text: string): '' | 'CRLF' | 'CR' | 'Mixed line ends' {
  if (!text.includes('\r')) return ''
  const withoutPairs = text.replaceAll('\r\n', '')
  const pairs = withoutPairs.length < text.length
  const returns = withoutPairs.includes('\r')
  const feeds = withoutPairs.includes('\n')
  if (Number(pairs) + Number(returns) + Number(feeds) > 1) return 'Mixed line ends'
  return pairs ? 'CRLF' : 'CR'
}
