/** One line on what is going on. Standard output is left to what the user asked for. */
export function say(line) {
  process.stderr.write(`${line}\n`)
}

/** Something the user must know or do; its message is all there is to say. */
export class Refusal extends Error {
  /** @param {string} message @param {number} exitCode */
  constructor(message, exitCode = 1) {
    super(message)
    this.exitCode = exitCode
  }
}

/** @param {Error} error @returns {string} without its full stop. */
export function firstSentence({ message }) {
  return message.split(/\.?\n|\. /)[0].replace(/\.$/, '')
}

/** Runs a script's main function: a refusal is one sentence, a defect keeps its stack. */
export async function runMain(main) {
  try {
    process.exitCode = await main()
  } catch (error) {
    say(error instanceof Refusal ? error.message : String(error?.stack ?? error))
    process.exitCode = error instanceof Refusal ? error.exitCode : 1
  }
}
