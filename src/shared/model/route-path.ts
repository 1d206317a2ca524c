/** Values of the parameters of a path, by their names. */
export type PathParameters = Readonly<Record<string, string>>

/** Why a pattern cannot be used, and where, in UTF-16 units. */
export interface PathProblem {
  readonly message: string
  readonly offset: number
}

/** A pattern cut at its slashes. */
type Part =
  | { readonly kind: 'exact'; readonly text: string }
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'rest' }

const parameterName = /^[A-Za-z_]\w*$/

/** Checks the pattern of a route. @returns `null` when it can be used. */
export function checkPath(pattern: string): PathProblem | null {
  if (pattern === '*') return null
  if (!pattern.startsWith('/'))
    return { message: 'A path begins with /, or is * for every path.', offset: 0 }
  const unusable = pattern.search(/[\s?#]/)
  if (unusable >= 0)
    return {
      message: 'A path has no spaces, no query and no fragment.',
      offset: unusable,
    }
  const names = new Set<string>()
  let offset = 1
  const parts = pattern.slice(1).split('/')
  for (const [index, part] of parts.entries()) {
    if (part.includes('*') && (part !== '*' || index < parts.length - 1))
      return {
        message: '* stands for the rest of a path: write it last, as in /api/*.',
        offset: offset + part.indexOf('*'),
      }
    if (part.startsWith(':')) {
      const name = part.slice(1)
      if (!parameterName.test(name))
        return {
          message: 'After : comes a name of letters and digits, as in /rooms/:room.',
          offset,
        }
      if (names.has(name)) return { message: `:${name} stands in the path twice.`, offset }
      names.add(name)
    }
    offset += part.length + 1
  }
  return null
}

/** The names of a pattern's parameters, in order. */
export function parametersOf(pattern: string): string[] {
  return partsOf(pattern).flatMap((part) => (part.kind === 'parameter' ? [part.name] : []))
}

/**
 * Compares the path of a request target with a pattern: `/chat` that path alone, `/api/*` all below it
 * and itself, `:name` one piece of any text, `*` everything. Percent signs are compared as they stand;
 * parameters are decoded.
 * @returns the parameters, `null` when it does not fit.
 */
export function matchPath(pattern: string, path: string): PathParameters | null {
  const parameters: Record<string, string> = Object.create(null) as Record<string, string>
  const pieces = path.slice(1).split('/')
  const parts = partsOf(pattern)
  for (const [index, part] of parts.entries()) {
    if (part.kind === 'rest') return parameters
    const piece = pieces[index]
    if (piece === undefined) return null
    if (part.kind === 'parameter') {
      if (piece === '') return null
      parameters[part.name] = decoded(piece)
    } else if (part.text !== piece) return null
  }
  return pieces.length === parts.length ? parameters : null
}

/** The path of a request target, which may name scheme and host (RFC 9112 section 3.2.2). */
export function pathOf(target: string): string {
  if (!target.startsWith('/')) return URL.parse(target)?.pathname ?? target
  const query = target.indexOf('?')
  return query < 0 ? target : target.slice(0, query)
}

function partsOf(pattern: string): Part[] {
  if (pattern === '*') return [{ kind: 'rest' }]
  return pattern
    .slice(1)
    .split('/')
    .map((text, index, all) => {
      if (text === '*' && index === all.length - 1) return { kind: 'rest' }
      if (text.startsWith(':')) return { kind: 'parameter', name: text.slice(1) }
      return { kind: 'exact', text }
    })
}

function decoded(piece: string): string {
  try {
    return decodeURIComponent(piece)
  } catch {
    return piece
  }
}
