import { existsSync, globSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { basename, dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseAst } from 'vite'

interface Import {
  readonly file: string
  readonly specifier: string
}

/** What a built file imports, statically or with `import()` of a literal. */
function importsOf(file: string): Import[] {
  const source = readFileSync(file, 'utf8')
  const found: Import[] = []
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(visit)
    if (typeof node !== 'object' || node === null || Array.isArray(node)) return
    const { type, source: from } = node as { type?: string; source?: { value?: unknown } | null }
    if (/^(Import|Export)/.test(type ?? '') && typeof from?.value === 'string')
      found.push({ file, specifier: from.value })
    Object.values(node).forEach(visit)
  }
  visit(parseAst(source))
  return found
}

const mainFiles = globSync('out/main/**/*.js').map((file) => file.replaceAll('\\', '/'))
const mainImports = mainFiles.flatMap(importsOf)

/** Specifiers that `require` is called with. */
function requiresOf(file: string): string[] {
  const source = readFileSync(file, 'utf8')
  return [...source.matchAll(/\brequire\(\s*(['"`])(.*?)\1\s*\)/g)].map((match) => match[2] ?? '')
}

describe('the built main', () => {
  it('is there, with both entries', () => {
    expect(mainFiles).toContain('out/main/index.js')
    expect(mainFiles).toContain('out/main/web.js')
  })

  it('imports only what is built, what Node has, ws and electron', () => {
    const foreign = mainImports.filter(
      ({ specifier }) =>
        !specifier.startsWith('.') &&
        !specifier.startsWith('node:') &&
        !builtinModules.includes(specifier) &&
        !['ws', 'electron'].includes(specifier),
    )

    expect(foreign).toEqual([])
  })

  it('imports electron from its Electron entry alone', () => {
    const files = mainImports.filter(({ specifier }) => specifier === 'electron')

    expect(files.map(({ file }) => file)).toEqual(['out/main/index.js'])
  })

  it('finds every file it imports', () => {
    const relative = mainImports.filter(({ specifier }) => specifier.startsWith('.'))
    const absent = relative.filter(
      ({ file, specifier }) => !existsSync(join(dirname(file), specifier)),
    )

    expect(absent).toEqual([])
  })

  it('finds every file it reads beside itself', () => {
    const named = mainFiles.flatMap((file) => {
      const source = readFileSync(file, 'utf8')
      const joined = source.matchAll(/join\(import\.meta\.dirname, "([^"]+)"\)/g)
      const urls = source.matchAll(/new URL\("(\.[^"]+)", import\.meta\.url\)/g)
      return [...joined, ...urls].map((match) => join(dirname(file), match[1] ?? ''))
    })

    expect(named.map(normalize)).toContain(normalize('out/preload/index.cjs'))
    expect(named.map(normalize)).toContain(normalize('out/renderer'))
    expect(named.filter((file) => !existsSync(file))).toEqual([])
  })
})

describe('the built workers', () => {
  const workers = globSync('src/main/workers/*-worker.ts')
    .map((file) => basename(file, '.ts'))
    .filter((name) => name !== 'start-worker')

  it.each(workers)('holds %s as one file that needs nothing but Node', (name) => {
    const built = mainFiles.filter((file) => basename(file).startsWith(`${name}-`))
    const imports = built.flatMap(importsOf).map(({ specifier }) => specifier)

    expect(built).toHaveLength(1)
    expect(imports.filter((specifier) => !specifier.startsWith('node:'))).toEqual([])
  })
})

describe('the built preload', () => {
  it('is one CommonJS file that asks for nothing but electron', () => {
    expect(globSync('out/preload/**/*.*').map((file) => file.replaceAll('\\', '/'))).toEqual([
      'out/preload/index.cjs',
    ])
    expect(requiresOf('out/preload/index.cjs')).toEqual(['electron'])
    expect(importsOf('out/preload/index.cjs')).toEqual([])
  })
})

describe('the built page', () => {
  it('finds every file it loads', () => {
    const html = readFileSync('out/renderer/index.html', 'utf8')
    const links = [...html.matchAll(/(?:src|href)="(\.?\/[^"]+)"/g)].map((match) => match[1] ?? '')

    expect(links.length).toBeGreaterThan(0)
    for (const link of links) expect(existsSync(join('out/renderer', link)), link).toBe(true)
  })

  it('has no script or style within the page, which its policy would refuse', () => {
    const html = readFileSync('out/renderer/index.html', 'utf8')

    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)/i)
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=/i)
  })
})
