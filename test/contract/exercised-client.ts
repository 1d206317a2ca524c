import * as v from 'valibot'
import { procedures, type ProcedureName } from '@shared/contract'
import type { Client } from '@shared/client'

/** A client that checks every answer against its schema and remembers what was called. */
export interface ExercisedClient extends Client {
  /** Procedures that have not answered yet. */
  missing(): ProcedureName[]
}

export function exercisedClient(client: Client): ExercisedClient {
  const answered = new Set<string>()
  return {
    ...client,
    async call(name, input) {
      const output = await client.call(name, input)
      const { issues } = v.safeParse<v.GenericSchema<unknown, unknown>>(
        procedures[name].output,
        output,
      )
      if (issues) throw new Error(`${name} answered what it must not: ${v.summarize(issues)}`)
      answered.add(name)
      return output
    },
    missing: () =>
      (Object.keys(procedures) as ProcedureName[]).filter((name) => !answered.has(name)),
  }
}

/** Milliseconds to wait for an event: less than a test may take, so that the failure names the event. */
const patience = 15_000

/** The next event of that name which passes; fails with those that did not when none comes. */
export function nextEvent<Name extends Parameters<Client['on']>[0]>(
  client: Client,
  name: Name,
  passes: (payload: Parameters<Parameters<typeof client.on<Name>>[1]>[0]) => boolean = () => true,
): Promise<Parameters<Parameters<typeof client.on<Name>>[1]>[0]> {
  return new Promise((resolve, reject) => {
    const others: unknown[] = []
    const stop = client.on<Name>(name, (payload) => {
      if (!passes(payload)) return others.push(payload)
      clearTimeout(timer)
      stop()
      resolve(payload)
    })
    const timer = setTimeout(() => {
      stop()
      reject(new Error(`No ${name} passed; the last was ${JSON.stringify(others.at(-1))}`))
    }, patience)
  })
}
