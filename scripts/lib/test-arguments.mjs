import { parseArgs } from 'node:util'
import { firstSentence, Refusal } from './say.mjs'
import { suites } from './test-suites.mjs'

/**
 * @param {string[]} args
 * @returns {import('./test-suites.mjs').Suite[]} the suites asked for, all without `--only`.
 * @throws {Refusal} with exit code 2 when one is unknown.
 */
export function chooseSuites(args) {
  const only = parse(args)
  if (only === undefined) return suites
  const names = only.split(',').map((name) => name.trim())
  for (const name of names)
    if (!suites.some((suite) => matches(suite, name)))
      throw new Refusal(
        `There is no suite ${name}; there are ${suites.map((suite) => suite.name).join(', ')}.`,
        2,
      )
  return suites.filter((suite) => names.some((name) => matches(suite, name)))
}

/** `e2e` and `types` stand for all of theirs. */
function matches(suite, name) {
  return suite.name === name || suite.name.startsWith(`${name}:`)
}

function parse(args) {
  try {
    return parseArgs({ args, options: { only: { type: 'string' } } }).values.only
  } catch (error) {
    throw new Refusal(`${firstSentence(error)}. Usage: npm test -- [--only SUITE,…]`, 2)
  }
}
