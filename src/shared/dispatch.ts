import * as v from 'valibot'
import { procedures, type CallContext, type Handlers, type ProcedureName } from './contract'
import { AppError } from './errors'
import type { Envelope } from './transport'

/** Hears of a defect (anything thrown that is no `AppError`) and returns the id it was logged under. */
export type ReportDefect = (error: unknown, procedure: string) => string

/**
 * The only door into the engine: checks the name and the input, runs the handler, and always answers
 * an envelope. Who may call is the transport's business and is settled before this.
 */
export function createDispatcher(handlers: Handlers, reportDefect: ReportDefect) {
  return async function dispatch(
    context: CallContext,
    name: unknown,
    input: unknown,
  ): Promise<Envelope> {
    try {
      if (!isProcedureName(name))
        throw new AppError('UNKNOWN_PROCEDURE', `There is no procedure ${JSON.stringify(name)}.`)
      const parsed = v.safeParse(procedures[name].input, input, { abortEarly: true })
      if (!parsed.success) throw invalidInput(name, parsed.issues[0])
      const handler = handlers[name] as (input: unknown, context: CallContext) => unknown
      return { ok: true, value: await handler(parsed.output, context) }
    } catch (error) {
      if (error instanceof AppError) return { ok: false, error: error.toEnvelope() }
      const correlationId = reportDefect(error, String(name))
      return {
        ok: false,
        error: {
          code: 'INTERNAL',
          message: `Framescope met a defect. The log file has the details under ${correlationId}.`,
          details: { correlationId },
        },
      }
    }
  }
}

export type Dispatch = ReturnType<typeof createDispatcher>

function isProcedureName(name: unknown): name is ProcedureName {
  return typeof name === 'string' && Object.hasOwn(procedures, name)
}

function invalidInput(name: string, issue: v.BaseIssue<unknown>): AppError {
  const path = issue.path?.map((item) => String(item.key)).join('.') ?? ''
  return new AppError(
    'INVALID_INPUT',
    `${name} was called with an input it does not accept${path ? ` at ${path}` : ''}: ${issue.message}`,
    { details: { path } },
  )
}
