import type { Redaction } from '@shared/model/export'
import { parseRedactionPath } from '@shared/model/redaction-path'

/** What is typed into the redaction fields: one header name or path a line, or between commas. */
export interface RedactionInput {
  readonly credentials: boolean
  readonly urlSecrets: boolean
  readonly headers: string
  readonly jsonPaths: string
}

/** An RFC 9110 field name. */
const fieldName = /^[!#$%&'*+.^_`|~\w-]+$/

export function headerNames(text: string): string[] {
  return text
    .split(/[\n,]/)
    .map((name) => name.trim())
    .filter(Boolean)
}

export function jsonPaths(text: string): string[] {
  return text
    .split('\n')
    .map((path) => path.trim())
    .filter(Boolean)
}

/** What is wrong with the header names; empty when nothing is. */
export function headerProblem(text: string): string {
  const wrong = headerNames(text).find((name) => !fieldName.test(name))
  return wrong === undefined ? '' : `“${wrong}” is not a header name.`
}

/** What is wrong with the paths; empty when nothing is. */
export function pathProblem(text: string): string {
  for (const path of jsonPaths(text)) {
    const parsed = parseRedactionPath(path)
    if (!parsed.ok) return `“${path}”: ${parsed.problem.message}`
  }
  return ''
}

export function redactionOf(input: RedactionInput): Redaction {
  const { credentials, urlSecrets } = input
  return {
    credentials,
    urlSecrets,
    headers: headerNames(input.headers),
    jsonPaths: jsonPaths(input.jsonPaths),
  }
}
