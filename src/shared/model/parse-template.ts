import { pathAt } from '../filter/plain-path'
import {
  repeatScope,
  serverTemplateNames,
  type TemplateName,
  type TemplateScope,
  type TemplateSegment,
} from './template'

export type ParsedTemplate =
  { readonly ok: true; readonly segments: readonly TemplateSegment[] } | TemplateProblem

export interface TemplateProblem {
  readonly ok: false
  /** What is wrong and what can be written instead. */
  readonly message: string
  /** Where it stands, in UTF-16 units from the start of the text. */
  readonly offset: number
}

type Field = Exclude<TemplateSegment, { kind: 'literal' }>

/** A word behind double braces, spaces allowed; other braces, as in JSON, are literal. */
const head = /\{\{\s*([A-Za-z]\w*)/g
const tail = /([^{}]*)\}\}/y
const close = /\s*\}\}/y

/**
 * Finds the fields of a template: `{{time}}`, `{{random 1 6}}`, `{{message.$.name}}`, `{{param.room}}`.
 * A single word in double braces that the scope does not have is an error, and so are arguments that
 * a name does not take; everything else stands for itself.
 */
export function parseTemplate(text: string, scope: TemplateScope = repeatScope): ParsedTemplate {
  const segments: TemplateSegment[] = []
  let end = 0
  head.lastIndex = 0
  for (let match = head.exec(text); match; match = head.exec(text)) {
    const name = match[1] ?? ''
    const start = head.lastIndex - name.length
    const found = fieldAt(text, start, name, scope)
    if (found === null) continue
    if ('ok' in found) return found
    if (match.index > end) segments.push({ kind: 'literal', text: text.slice(end, match.index) })
    segments.push(found.field)
    end = found.end
    head.lastIndex = end
  }
  if (end < text.length) segments.push({ kind: 'literal', text: text.slice(end) })
  return { ok: true, segments }
}

type Found = { readonly field: Field; readonly end: number } | TemplateProblem | null

/** Reads the field whose first word stands at `start`. @returns `null` when none stands there. */
function fieldAt(text: string, start: number, word: string, scope: TemplateScope): Found {
  const behind = start + word.length
  if (word === 'message' && text.charAt(behind) === '.' && scope.names.includes(word))
    return pathField(text, behind + 1)
  tail.lastIndex = behind
  const rest = tail.exec(text)?.[1]
  if (rest === undefined) return null
  const [, dotted = '', space = '', tailText = ''] = /^((?:\.\S*)?)(\s*)(.*)$/s.exec(rest) ?? []
  const name = word + dotted
  const args = tailText.trim()
  if (args !== '' && space === '') return null
  const field = fieldNamed(name, args, scope)
  if (field === null) return null
  if (typeof field === 'string') return { ok: false, message: field, offset: start }
  return { field, end: tail.lastIndex }
}

function pathField(text: string, start: number): Found {
  const path = pathAt(text, start)
  if (!path.ok) return path
  close.lastIndex = path.end
  if (!close.test(text))
    return { ok: false, message: '}} is expected behind the path.', offset: path.end }
  return { field: { kind: 'path', steps: path.steps }, end: close.lastIndex }
}

/** @returns the field, what is wrong with it, or `null` when it is none. */
function fieldNamed(name: string, args: string, scope: TemplateScope): Field | string | null {
  const known = scope.names.find((candidate) => candidate === name)
  if (known === 'random') return randomField(args)
  if (known !== undefined)
    return args === '' ? { kind: 'field', name: known } : `{{${name}}} stands alone, without more.`
  // Two words are no field of any template, unless they look very much like {{random 1 6}}.
  if (args !== '' && !/^[-\d\s]+$/.test(args)) return null
  const parameter = /^param\.(.*)$/.exec(name)?.[1]
  if (parameter !== undefined && args === '') {
    if (scope.parameters.includes(parameter)) return { kind: 'parameter', name: parameter }
    if (scope.names.includes('client.id')) return unknownParameter(parameter, scope)
  }
  const elsewhere =
    /^(?:message|param)\./.test(name) || serverTemplateNames.some((other) => other === name)
  const what = elsewhere ? 'cannot be filled in here' : 'is not known'
  return `{{${name}}} ${what}. Known are ${written(scope)}.`
}

function randomField(args: string): Field | string {
  const [from = NaN, to = NaN, ...more] = args.split(/\s+/).map((part) => integer(part))
  if (more.length === 0 && from <= to && Number.isSafeInteger(to - from))
    return { kind: 'random', from, to }
  return '{{random}} takes two whole numbers, the smaller first, as in {{random 1 6}}.'
}

function integer(text: string): number {
  const value = /^-?\d+$/.test(text) ? Number(text) : NaN
  return Number.isSafeInteger(value) ? value : NaN
}

function unknownParameter(name: string, { parameters }: TemplateScope): string {
  const known = parameters.map((parameter) => `{{param.${parameter}}}`).join(', ')
  return known === ''
    ? `The path of the route has no parameters; write one as :${name === '' ? 'name' : name} there.`
    : `The path of the route has no parameter “${name}”. Known are ${known}.`
}

const forms: Partial<Record<TemplateName, string>> = { random: '{{random 1 6}}' }

function written({ names, parameters }: TemplateScope): string {
  return [
    ...names.flatMap((name) => [
      forms[name] ?? `{{${name}}}`,
      ...(name === 'message' ? ['{{message.$.path}}'] : []),
    ]),
    ...parameters.map((name) => `{{param.${name}}}`),
  ].join(', ')
}
