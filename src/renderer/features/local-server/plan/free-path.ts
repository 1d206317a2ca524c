/** A path that no other of a list has, after the style of `base`. */
export function freePath(list: readonly { readonly path: string }[], base = '/path'): string {
  for (let number = 1; ; number++) {
    const path = number === 1 ? base : `${base}${number}`
    if (!list.some((other) => other.path === path)) return path
  }
}

/** The path of a copy: after the path it copies, and in front of `*` and behind no parameter. */
export function copyPath(list: readonly { readonly path: string }[], path: string): string {
  if (path === '*') return freePath(list)
  const base = path.replace(/(?:\/\*|\/)$/, '')
  const rest = path.endsWith('/*') ? '/*' : ''
  for (let number = 2; ; number++) {
    const copy = `${base}-${number}${rest}`.replace(/(:[A-Za-z_]\w*)-(\d+)/, '$1/copy-$2')
    const own = copy.startsWith('/') ? copy : `/${copy}`
    if (!list.some((other) => other.path === own)) return own
  }
}
