/** One block of a PEM file (RFC 7468), its label and its text from BEGIN to END. */
export interface PemBlock {
  readonly label: string
  readonly text: string
}

const block = /-----BEGIN ([A-Z0-9 ]+)-----[^]*?-----END \1-----/g

/** Every block of a text, in order; what stands between them is no part of PEM. */
export function pemBlocks(text: string): PemBlock[] {
  return [...text.matchAll(block)].map(([whole, label = '']) => ({ label, text: `${whole}\n` }))
}
