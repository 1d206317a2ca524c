import type { PathStep } from '../filter/node'
import type { TemplateMessage } from './template-message'

/** What a template can put into a message that is sent again and again. */
export const templateNames = ['time', 'iso', 'counter'] as const

/** What stands for something that a template of a server fills in as a whole word. */
export const serverTemplateNames = [
  'now',
  'iso',
  'time',
  'uuid',
  'counter',
  'random',
  'message',
  'client.id',
] as const
export type TemplateName = (typeof serverTemplateNames)[number]

/** Which fields a template may have. */
export interface TemplateScope {
  readonly names: readonly TemplateName[]
  /** Names that may follow `param.`. */
  readonly parameters: readonly string[]
}

/** Of a message that is sent again and again. */
export const repeatScope: TemplateScope = { names: templateNames, parameters: [] }

/**
 * Of a message that a server sends.
 * @param parameters of the path of its route.
 * @param answers whether it answers a message, which may then be put into it.
 */
export function serverScope(parameters: readonly string[], answers: boolean): TemplateScope {
  const names = serverTemplateNames.filter((name) => answers || name !== 'message')
  return { names, parameters }
}

/** A template cut into what is sent as it stands and what is filled in at each send. */
export type TemplateSegment =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'field'; readonly name: Exclude<TemplateName, 'random'> }
  /** A whole number, both ends included. */
  | { readonly kind: 'random'; readonly from: number; readonly to: number }
  /** A value in the message. */
  | { readonly kind: 'path'; readonly steps: readonly PathStep[] }
  | { readonly kind: 'parameter'; readonly name: string }

/** What the fields of a template are filled from. */
export interface TemplateValues {
  readonly now: Date
  /** Counts the sends, from 1. */
  readonly counter: number
  /** What only templates of {@link serverScope} ask for. */
  readonly server?: ServerValues
}

export interface ServerValues {
  readonly client: {
    readonly id: number
    readonly parameters: Readonly<Record<string, string>>
  }
  /** The message that is answered; `null` for none. */
  readonly message: TemplateMessage | null
  readonly uuid: () => string
}

/** The text to send: every field replaced by its value, which is never read as a template itself. */
export function fillTemplate(template: readonly TemplateSegment[], values: TemplateValues): string {
  let text = ''
  for (const segment of template) text += filled(segment, values)
  return text
}

/** Whether filling the template gives the same text every time. */
export function isConstantTemplate(template: readonly TemplateSegment[]): boolean {
  return template.every((segment) => segment.kind === 'literal')
}

/** Whether filling the template takes the message that is answered. */
export function usesMessage(template: readonly TemplateSegment[]): boolean {
  return template.some(
    (segment) =>
      segment.kind === 'path' || (segment.kind === 'field' && segment.name === 'message'),
  )
}

function filled(segment: TemplateSegment, { now, counter, server }: TemplateValues): string {
  switch (segment.kind) {
    case 'literal':
      return segment.text
    case 'random':
      return String(segment.from + Math.floor(Math.random() * (segment.to - segment.from + 1)))
    case 'path':
      return server?.message?.select(segment.steps) ?? ''
    case 'parameter':
      return server?.client.parameters[segment.name] ?? ''
    case 'field':
      break
  }
  switch (segment.name) {
    case 'now':
      return String(now.getTime())
    case 'iso':
      return now.toISOString()
    case 'time':
      return localTime(now)
    case 'counter':
      return String(counter)
    case 'uuid':
      return server?.uuid() ?? ''
    case 'message':
      return server?.message?.text ?? ''
    case 'client.id':
      return String(server?.client.id ?? '')
  }
}

/** Local time as `YYYY-MM-DD HH:mm:ss.SSS`. */
function localTime(date: Date): string {
  const pad = (value: number, length = 2) => String(value).padStart(length, '0')
  const day = [pad(date.getFullYear(), 4), pad(date.getMonth() + 1), pad(date.getDate())].join('-')
  const time = [pad(date.getHours()), pad(date.getMinutes()), pad(date.getSeconds())].join(':')
  return `${day} ${time}.${pad(date.getMilliseconds(), 3)}`
}
