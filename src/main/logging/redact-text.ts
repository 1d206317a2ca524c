import { isSensitiveName } from '@shared/model/secret-names'

/** Stands where something secret stood. */
export const hidden = '[redacted]'

/** Characters of one text that are written; the rest is counted. Keeps the expressions below cheap. */
const longestText = 8_000

/**
 * Hides credentials inside a text: the lines of secret headers, user-info, query and fragment values
 * of URLs, `name=value` and `"name": "value"` under a sensitive name, and bearer and basic credentials.
 */
export function redactText(text: string): string {
  return shortened(text)
    .replace(headerLine, (line, name: string) =>
      isSensitiveName(name) ? `${name}: ${hidden}` : line,
    )
    .replace(headerInside, `$1$2${hidden}`)
    .replace(userInfo, `$1${hidden}@`)
    .replace(query, (_, values: string) => `?${hideValues(values)}`)
    .replace(fragment, `$1#${hidden}`)
    .replace(authScheme, `$1 ${hidden}`)
    .replace(assignment, (whole, name: string, between: string) =>
      isSensitiveName(name) ? name + between + hidden : whole,
    )
}

/** RFC 9110 section 5.1: a name, a colon, and everything up to the end of the line. */
const headerLine = /(?<![^\r\n])([\w-]+):[^\r\n]*/g

/** The headers whose values have spaces and commas of their own, wherever they stand. */
const headerInside =
  /(?<![\w-])([\w-]*(?:authorization|cookie|sec-websocket-protocol)[\w-]*)(["']?\s{0,20}:)[^\r\n]*/gi

/** RFC 3986 section 3.2.1. */
const userInfo = /(:\/\/)[^\s/?#@]*(?:@[^\s/?#@]*)*@/g

/** Of a URL or of a request target, with the fragment after it. */
const query = /\?([^\s"'<>]+)/g

/** Only of a URL: stack traces name private methods with the same sign. */
const fragment = /(:\/\/[^\s"'<>?#]*)#[^\s"'<>]+/g

const authScheme = /\b(bearer|basic|digest)\s+[^\s"',;]+/gi

const assignment =
  /(?<![\w-])([\w-]+)(["']?\s{0,20}[:=]\s{0,20})(?:"(?:[^"\\]|\\.)*"|"[^\r\n]*|'[^']*'|'[^\r\n]*|[^\s"',;&]+)/g

function hideValues(values: string): string {
  return values
    .split(/([&#?])/)
    .map((part) => (/^[&#?]?$/.test(part) ? part : hideValue(part)))
    .join('')
}

function hideValue(parameter: string): string {
  const end = parameter.indexOf('=')
  return end < 0 ? hidden : `${parameter.slice(0, end + 1)}${hidden}`
}

function shortened(text: string): string {
  if (text.length <= longestText) return text
  return `${text.slice(0, longestText)} [${text.length - longestText} more characters]`
}
