/**
 * Entries whose title or group contains every word of the query, those whose title starts with it
 * first; otherwise the order stays.
 */
export function rankMatches<Entry extends { readonly title: string; readonly group: string }>(
  entries: readonly Entry[],
  query: string,
): Entry[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const first = words[0] ?? ''
  return entries
    .filter((entry) => {
      const text = `${entry.title} ${entry.group}`.toLowerCase()
      return words.every((word) => text.includes(word))
    })
    .sort((a, b) => Number(startsWith(b, first)) - Number(startsWith(a, first)))
}

function startsWith(entry: { readonly title: string }, word: string): boolean {
  return word !== '' && entry.title.toLowerCase().startsWith(word)
}
