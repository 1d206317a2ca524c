import { isSecretParameter, looksLikeToken } from '@shared/model/secret-names'

/** What stands in an export where a secret stood. */
export const redacted = 'REDACTED'

/** RFC 3986 section 3.2.1. */
const userInfo = /^([a-z][a-z\d+.-]*:\/\/)[^/?#]*@/i

/** A URL inside a text. */
const urlInText = /[a-z][a-z\d+.-]*:\/\/[^\s"'<>]+/gi

/**
 * Hides the user information of a URL, or of a request target, and the parameters of its query and
 * its fragment whose names or values look like secrets. The rest stays as it was written.
 */
export function redactUrl(url: string): string {
  const [, beforeQuery = '', query, fragment] =
    /^([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(url) ?? []
  return (
    beforeQuery.replace(userInfo, `$1${redacted}@`) +
    (query === undefined ? '' : `?${redactParameters(query)}`) +
    (fragment === undefined ? '' : `#${redactParameters(fragment)}`)
  )
}

/** Hides the secrets of every URL in a text. */
export function redactUrls(text: string): string {
  return text.includes('://') ? text.replaceAll(urlInText, (url) => redactUrl(url)) : text
}

function redactParameters(parameters: string): string {
  return parameters
    .split(/([&;])/)
    .map((parameter) => {
      const end = parameter.indexOf('=')
      if (end < 0) return looksLikeToken(decoded(parameter)) ? redacted : parameter
      const name = parameter.slice(0, end)
      const secret =
        isSecretParameter(decoded(name)) || looksLikeToken(decoded(parameter.slice(end + 1)))
      return secret && end + 1 < parameter.length ? `${name}=${redacted}` : parameter
    })
    .join('')
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
