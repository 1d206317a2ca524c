import type { ScanControl } from '../../frame-view/scan-control'
import { noRule, type MatchReply, type MatchRequest, type MatchTask } from './match-messages'
import { compileMatch, TestedMessage, type MessageTest } from './message-match'

/** The thread's end of matching: finds the first rule that each message meets. */
export class RuleMatcher {
  readonly #control: ScanControl
  readonly #tests: readonly (MessageTest | null)[]
  readonly #message = new TestedMessage()

  constructor(control: ScanControl, matches: MatchTask['matches']) {
    this.#control = control
    this.#tests = matches.map((match) => match && compileMatch(match))
  }

  handle({ first, bytes, ends, isText }: MatchRequest): MatchReply {
    const found = new Int16Array(ends.length)
    let start = 0
    ends.forEach((end, index) => {
      this.#control.enterRow(first + index)
      this.#message.load(isText[index] ? 'text' : 'binary', bytes.subarray(start, end))
      found[index] = this.#firstRule()
      start = end
    })
    this.#control.leave()
    return found
  }

  #firstRule(): number {
    for (const [index, test] of this.#tests.entries()) {
      if (!test) continue
      this.#control.enterTerm(index)
      if (test(this.#message)) return index
    }
    return noRule
  }
}
