import { escapeControl } from '@shared/format/escape-control'

/** A piece of a preview, safe to be shown, and whether the filter's text was found in it. */
export interface PreviewPiece {
  readonly text: string
  readonly found: boolean
}

/** Cuts a preview where the filter's text stands. The text is looked for as it came, then escaped. */
export function markPreview(preview: string, sought: string): readonly PreviewPiece[] {
  if (sought === '') return preview === '' ? [] : [{ text: escapeControl(preview), found: false }]
  return preview
    .split(new RegExp(`(${literal(sought)})`, 'iu'))
    .map((text, index) => ({ text: escapeControl(text), found: index % 2 === 1 }))
    .filter((piece) => piece.text !== '')
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, (character) =>
    character === '-' ? '\\x2d' : `\\${character}`,
  )
}
