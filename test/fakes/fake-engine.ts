import type { EventName, EventPayload, Input, Output, ProcedureName } from '@shared/contract'
import type { Client } from '@shared/client'
import { AppError } from '@shared/errors'

type Answers = {
  [Name in ProcedureName]?: (input: Input<Name>) => Output<Name> | Promise<Output<Name>>
}

/**
 * An engine for component tests: answers what the test says, keeps the calls, and tells events. What
 * crosses it is cloned as in Electron, so that a reactive object in a call fails here too.
 */
export interface FakeEngine extends Client {
  answers: Answers
  readonly calls: { readonly name: ProcedureName; readonly input: unknown }[]
  /** The inputs of all calls of one procedure. */
  inputs<Name extends ProcedureName>(name: Name): Input<Name>[]
  emit<Name extends EventName>(name: Name, payload: EventPayload<Name>): void
  reset(): void
}

export function createFakeEngine(): FakeEngine {
  const listeners = new Map<string, Set<(payload: never) => void>>()
  const engine: FakeEngine = {
    answers: {},
    calls: [],
    async call(name, input) {
      const crossed = structuredClone(input)
      engine.calls.push({ name, input: crossed })
      const answer = engine.answers[name] as ((input: unknown) => unknown) | undefined
      if (!answer) throw new AppError('UNKNOWN_PROCEDURE', `The test has no answer to ${name}.`)
      return structuredClone(await answer(crossed)) as Output<typeof name>
    },
    on(name, listener) {
      const set = listeners.get(name) ?? new Set()
      listeners.set(name, set)
      set.add(listener as (payload: never) => void)
      return () => set.delete(listener as (payload: never) => void)
    },
    onConnectedChange: () => () => {},
    inputs(name) {
      return engine.calls
        .filter((call) => call.name === name)
        .map((call) => call.input as Input<typeof name>)
    },
    emit(name, payload) {
      for (const listener of listeners.get(name) ?? []) listener(structuredClone(payload) as never)
    },
    reset() {
      engine.answers = {}
      engine.calls.length = 0
      listeners.clear()
    },
  }
  return engine
}
