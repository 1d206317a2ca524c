import type { Scanner } from './scanner'

const known = 'imsuv'

/** Reads `/pattern/flags`; slashes within a class or behind a backslash do not end it. */
export function parseRegex(scanner: Scanner): { pattern: string; flags: string } {
  const start = scanner.at
  let inClass = false
  scanner.at += 1
  while (!scanner.atEnd && (inClass || scanner.character !== '/')) {
    if (scanner.character === '\\') scanner.at += 1
    else if (scanner.character === '[') inClass = true
    else if (scanner.character === ']') inClass = false
    scanner.at += 1
  }
  if (scanner.atEnd) {
    throw scanner.problem(
      'The regular expression is not closed. Add / at its end; put text that begins with / in quotation marks.',
      start,
    )
  }
  const pattern = scanner.text.slice(start + 1, scanner.at)
  scanner.at += 1
  const flagsStart = scanner.at
  const flags = scanner.takeWord()
  checkFlags(scanner, flags, flagsStart)
  if (pattern === '') {
    throw scanner.problem(
      'The regular expression is empty. Write it between the slashes.',
      start,
      flagsStart,
    )
  }
  try {
    new RegExp(pattern, flags)
  } catch (error) {
    throw scanner.problem(
      `The regular expression is not valid: ${reasonOf(error)}`,
      start,
      scanner.at,
    )
  }
  return { pattern, flags }
}

function checkFlags(scanner: Scanner, flags: string, start: number): void {
  for (const [index, flag] of [...flags].entries()) {
    const fail = (message: string) =>
      scanner.problem(message, start + index, start + index + flag.length)
    if (flag === 'g' || flag === 'y')
      throw fail(`The flag ${flag} makes no sense in a filter. Leave it out.`)
    if (!known.includes(flag)) {
      throw fail(
        `“${flag}” is not a flag; i, m, s, u and v are. Put text that begins with / in quotation marks.`,
      )
    }
    if (flags.indexOf(flag) < index) throw fail(`The flag ${flag} stands twice. Leave one out.`)
    if (flag === 'u' ? flags.slice(0, index).includes('v') : flag === 'v' && flags.includes('u'))
      throw fail('The flags u and v exclude each other. Leave one out.')
  }
}

/** Engines write `Invalid regular expression: /(/: Unterminated group`. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  const reason = message.slice(message.lastIndexOf(': ') + 1).trim()
  return `${reason.replace(/\.?$/, '')}.`
}
