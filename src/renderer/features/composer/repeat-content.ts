import type { Draft } from '@shared/model/connection'
import { parseTemplate } from '@shared/model/parse-template'
import { encodeDraft } from '@shared/model/payload-format'
import { fillTemplate, isConstantTemplate } from '@shared/model/template'

/** What a draft gives to a repeated send, or why it cannot be repeated. */
export type RepeatContent =
  | {
      readonly ok: true
      readonly format: 'text' | 'json' | 'hex' | 'base64'
      readonly content: string
      /** Whether something is filled in at each send. */
      readonly filled: boolean
    }
  | { readonly ok: false; readonly message: string }

/** Checks a draft as it will be once its templates are filled in. */
export function repeatContent(draft: Draft): RepeatContent {
  const { format } = draft
  if (format === 'file') return { ok: false, message: 'A file cannot be repeated.' }
  if (format === 'hex' || format === 'base64') {
    const encoded = encodeDraft(draft)
    return encoded.ok
      ? { ok: true, format, content: draft[format], filled: false }
      : { ok: false, message: encoded.message }
  }
  const content = draft.text
  const template = parseTemplate(content)
  if (!template.ok) return { ok: false, message: template.message }
  const sample = fillTemplate(template.segments, { now: new Date(), counter: 1 })
  const encoded = encodeDraft({ ...draft, text: sample })
  if (!encoded.ok) return { ok: false, message: encoded.message }
  return { ok: true, format, content, filled: !isConstantTemplate(template.segments) }
}

/** Whether a text holds a template that only a repeated send fills in. */
export function hasTemplate(draft: Draft): boolean {
  if (draft.format !== 'text' && draft.format !== 'json') return false
  if (!draft.text.includes('{{')) return false
  const template = parseTemplate(draft.text)
  return template.ok && !isConstantTemplate(template.segments)
}
