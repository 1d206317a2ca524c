import { installed } from './places.mjs'

/**
 * @typedef {object} Suite
 * @property {string} name What `--only` and the summary call it.
 * @property {'check' | 'vitest' | 'playwright'} kind A check counts as one test.
 * @property {string} file The tool, run by Node.
 * @property {string[]} args
 * @property {boolean} [needsBuild]
 * @property {boolean} [needsChromium]
 * @property {boolean} [alone] Runs with nothing beside it, because it waits for real pages.
 */

const tsc = installed('typescript/bin/tsc')
const vueTsc = installed('vue-tsc/bin/vue-tsc.js')

/** What the tests run on: a built app, driven by Playwright. */
export const hosts = ['web', 'stand-in', 'electron']

/** @type {Suite[]} in the order they start, long ones first. */
export const suites = [
  check('lint', installed('eslint/bin/eslint.js'), ['.', '--max-warnings', '0']),
  { ...vitest('unit'), needsBuild: true },
  check('types:test', vueTsc, ['-p', 'tsconfig.test.json']),
  check('types:renderer', vueTsc, ['-p', 'tsconfig.renderer.json']),
  { ...vitest('package'), needsBuild: true },
  { ...vitest('security'), needsBuild: true, needsChromium: true },
  { ...vitest('contract'), needsBuild: true, needsChromium: true },
  check('types:main', tsc, ['-p', 'tsconfig.main.json']),
  check('types:preload', tsc, ['-p', 'tsconfig.preload.json']),
  check('types:shared', tsc, ['-p', 'tsconfig.shared.json']),
  check('format', installed('prettier/bin/prettier.cjs'), ['--check', '--log-level', 'warn', '.']),
  vitest('renderer'),
  ...hosts.map(playwright),
]

function check(name, file, args) {
  return { name, kind: 'check', file, args }
}

function vitest(project) {
  const file = installed('vitest/vitest.mjs')
  return { name: project, kind: 'vitest', file, args: ['run', '--project', project] }
}

function playwright(project) {
  return {
    name: `e2e:${project}`,
    kind: 'playwright',
    file: installed('@playwright/test/cli.js'),
    args: ['test', '--project', project],
    needsBuild: true,
    needsChromium: true,
    alone: true,
  }
}
