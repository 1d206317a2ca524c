import { isSecretParameter, looksLikeToken } from '@shared/model/secret-names'

/** What stands in an export where a secret stood. */
export const redacted = 'REDACTED'

/** RFC 3986 section 3.2.1, after a scheme or in a reference without one. */
const userInfo = /((?:^|[\s"'(<=:])\/\/)[^\s"<>/?#]*@/g

/** A parameter of a path, a query, a fragment or a form, with or without a value. */
const parameter = /(^|[\s"'(?&;#])([^\s"'(<>?&;#=]+)(=[^\s"<>&;#]*)?/g

/** A member of an object in JSON, as answers that refuse have it. */
const jsonMember = /"([^"\\]{1,100})"(\s*:\s*)(?:"(?:[^"\\]|\\.)*"|[^\s",[\]{}]+)/g

/** A JSON Web Token in a text (RFC 7519). */
const jsonWebToken = /(?<![\w-])eyJ[\w-]{5,}\.[\w-]*(?:\.[\w-]*)*/g

/** URLs inside parameters of URLs inside parameters. */
const deepestNesting = 8

/** Credentials as a header has them (RFC 9110 section 11.4). */
const credentials = /^(?:basic|bearer|digest|negotiate|token)\s+[\w.~+/-]+=*$/i

/** Whether a whole value is credentials, whatever its name says. */
export function isCredentials(value: string): boolean {
  return credentials.test(value)
}

/**
 * Hides what URLs, request targets and relative references in a text give away: user information, and
 * parameters of path, query and fragment whose names or values look like secrets, also in URLs inside
 * parameters. The rest stays as it was written.
 */
export function redactUrls(text: string): string {
  return redactNested(text, 0)
}

function redactNested(text: string, depth: number): string {
  return text
    .replaceAll(userInfo, `$1${redacted}@`)
    .replaceAll(
      parameter,
      (_, separator: string, name: string, value: string | undefined) =>
        separator + redactParameter(separator, name, value, depth),
    )
    .replaceAll(jsonWebToken, redacted)
}

/** Hides JSON Web Tokens, and what JSON names like a credential, wherever they stand. */
export function redactTokens(text: string): string {
  return text
    .replaceAll(jsonWebToken, redacted)
    .replaceAll(jsonMember, (member: string, name: string, colon: string) =>
      isSecretParameter(name) ? `"${name}"${colon}"${redacted}"` : member,
    )
}

/** @param assigned the value with the sign of equality before it. */
function redactParameter(
  separator: string,
  name: string,
  assigned: string | undefined,
  depth: number,
): string {
  // Between words and lines stands much that is no parameter.
  if (assigned === undefined)
    return separator.trim() !== '' && looksLikeToken(decoded(name)) ? redacted : name
  // A parameter of the path ends where the query begins.
  const query = separator === ';' ? assigned.indexOf('?') : -1
  if (query > 0)
    return (
      redactParameter(separator, name, assigned.slice(0, query), depth) +
      redactNested(assigned.slice(query), depth + 1)
    )
  const value = assigned.slice(1)
  if (value === '') return name + assigned
  const meant = decoded(value)
  if (isSecretParameter(decoded(name)) || looksLikeToken(meant) || isCredentials(meant))
    return `${name}=${redacted}`
  // So deep that nobody meant it, it is hidden as a whole.
  const hidden = depth < deepestNesting ? redactNested(meant, depth + 1) : redacted
  if (hidden === meant) return name + assigned
  return `${name}=${meant === value ? hidden : encodeURIComponent(hidden)}`
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
