/** What a template can put into a message that is sent again and again. */
export const templateNames = ['time', 'iso', 'counter'] as const
export type TemplateName = (typeof templateNames)[number]

/** A template cut into what is sent as it stands and what is filled in at each send. */
export type TemplateSegment =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'field'; readonly name: TemplateName }

export type ParsedTemplate =
  | { readonly ok: true; readonly segments: readonly TemplateSegment[] }
  | {
      readonly ok: false
      readonly message: string
      /** Where the unknown name begins, in UTF-16 units from the start of the text. */
      readonly offset: number
    }

/** What the fields of a template are filled from. */
export interface TemplateValues {
  readonly now: Date
  /** Counts the sends, from 1. */
  readonly counter: number
}

/** A word in double braces, spaces around it allowed; other braces, as in JSON, are literal. */
const field = /\{\{\s*([A-Za-z]\w*)\s*\}\}/g

/** Finds `{{time}}`, `{{iso}}` and `{{counter}}`; any other word in double braces is an error. */
export function parseTemplate(text: string): ParsedTemplate {
  const segments: TemplateSegment[] = []
  let end = 0
  for (const match of text.matchAll(field)) {
    const name = match[1] ?? ''
    if (!isTemplateName(name)) return unknownName(name, match.index + match[0].indexOf(name))
    if (match.index > end) segments.push({ kind: 'literal', text: text.slice(end, match.index) })
    segments.push({ kind: 'field', name })
    end = match.index + match[0].length
  }
  if (end < text.length) segments.push({ kind: 'literal', text: text.slice(end) })
  return { ok: true, segments }
}

/** The text to send: every field replaced by its value. */
export function fillTemplate(
  template: readonly TemplateSegment[],
  { now, counter }: TemplateValues,
): string {
  return template
    .map((segment) => {
      if (segment.kind === 'literal') return segment.text
      if (segment.name === 'counter') return String(counter)
      return segment.name === 'iso' ? now.toISOString() : localTime(now)
    })
    .join('')
}

/** Whether filling the template gives the same text every time. */
export function isConstantTemplate(template: readonly TemplateSegment[]): boolean {
  return template.every((segment) => segment.kind === 'literal')
}

/** Local time as `YYYY-MM-DD HH:mm:ss.SSS`. */
function localTime(date: Date): string {
  const pad = (value: number, length = 2) => String(value).padStart(length, '0')
  const day = [pad(date.getFullYear(), 4), pad(date.getMonth() + 1), pad(date.getDate())].join('-')
  const time = [pad(date.getHours()), pad(date.getMinutes()), pad(date.getSeconds())].join(':')
  return `${day} ${time}.${pad(date.getMilliseconds(), 3)}`
}

function isTemplateName(name: string): name is TemplateName {
  return templateNames.some((known) => known === name)
}

function unknownName(name: string, offset: number): ParsedTemplate {
  const known = templateNames.map((item) => `{{${item}}}`).join(', ')
  return { ok: false, message: `{{${name}}} is not known. Known are ${known}.`, offset }
}
