import * as v from 'valibot'
import { formatCount } from '@shared/format/bytes'
import { checkPlan, type PlanProblem } from '@shared/model/check-plan'
import { ServerPlan } from '@shared/model/server-route'

export type Place = PlanProblem['path']

/** Everything that keeps a draft from being run, at most one problem for each place. */
export function planProblems(draft: ServerPlan): PlanProblem[] {
  const found = new Map<string, PlanProblem>()
  for (const problem of [...checkPlan(draft), ...schemaProblems(draft)]) {
    const key = placeKey(problem.path)
    if (!found.has(key)) found.set(key, problem)
  }
  return [...found.values()]
}

export function placeKey(place: Place): string {
  return place.join('/')
}

/** Whether a place is, or is in, another. */
export function isWithin(place: Place, outer: Place): boolean {
  return outer.every((part, index) => place[index] === part)
}

/** What fields for numbers let stand while it is typed, and what is too long or missing. */
function schemaProblems(draft: ServerPlan): PlanProblem[] {
  const { issues = [] } = v.safeParse(ServerPlan, draft)
  return issues.map((issue) => ({
    path: (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key))),
    message: inWords(issue),
  }))
}

function inWords(issue: v.BaseIssue<unknown>): string {
  const { type, requirement } = issue
  if (type === 'min_length') return 'This cannot be empty.'
  if (type === 'max_length' && typeof requirement === 'number')
    return `This takes ${formatCount(requirement)} characters or entries at most.`
  if (type === 'min_value') return `From ${formatCount(Number(requirement))}.`
  if (type === 'max_value') return `At most ${formatCount(Number(requirement))}.`
  return 'This value is not possible.'
}
