/** Characters of a token (RFC 9110 section 5.6.2), of which names of headers and subprotocols are made. */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

/** What may not stand in a value: control characters except tab, and what is no byte. */
const badValue = /[^\t\x20-\x7e\x80-\xff]/

/** Whether a text can be the name of a header or of a subprotocol. */
export function isToken(text: string): boolean {
  return token.test(text)
}

/** In words, for a text that is no token. */
export const tokenRule =
  "has characters that are not allowed. Letters, digits and !#$%&'*+-.^_`|~ are."

/** The first character that cannot stand in the value of a header, in UTF-16 units; -1 for none. */
export function badValueAt(value: string): number {
  return value.search(badValue)
}

/** In words, for a value that cannot be sent. */
export const valueRule =
  'has a character that cannot be sent, such as a line break or one beyond ISO 8859-1. ' +
  'Encode it, for example as percent escapes.'
