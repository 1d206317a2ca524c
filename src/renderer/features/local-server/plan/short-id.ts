/** An id that none of a list has. */
export function shortId(list: readonly { readonly id: string }[]): string {
  for (;;) {
    const id = crypto.randomUUID().slice(0, 8)
    if (!list.some((other) => other.id === id)) return id
  }
}
