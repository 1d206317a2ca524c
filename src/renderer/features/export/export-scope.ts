import { formatCount } from '@shared/format/bytes'
import type { ExportScope } from '@shared/model/export'
import type { ExportRequest } from '../../composables/export-request'

export type ScopeName = ExportScope['rows']

/** A scope that makes sense for a request, with how many rows it covers. */
export interface ScopeChoice {
  readonly value: ScopeName
  readonly label: string
}

const rows = (count: number) => `${formatCount(count)} ${count === 1 ? 'row' : 'rows'}`

/** The scopes that differ from one another, the most likely wish last. */
export function scopeChoices(request: ExportRequest): ScopeChoice[] {
  const choices: ScopeChoice[] = [{ value: 'all', label: `Everything, ${rows(request.logRows)}` }]
  if (request.narrowed || request.viewEnd !== null)
    choices.push({ value: 'view', label: `Shown rows, ${rows(request.viewRows)}` })
  if (request.ranges.length > 0)
    choices.push({ value: 'positions', label: `Selected rows, ${rows(request.selectedRows)}` })
  return choices
}

/** What is exported unless another scope is chosen. */
export function likelyScope(request: ExportRequest): ScopeName {
  if (request.selectedRows > 1) return 'positions'
  return request.narrowed ? 'view' : 'all'
}

export function scopeOf(request: ExportRequest, name: ScopeName): ExportScope {
  switch (name) {
    case 'all':
      return { rows: 'all' }
    case 'view':
      return { rows: 'view', until: request.viewEnd }
    case 'positions':
      return { rows: 'positions', ranges: request.ranges.map(([from, to]) => [from, to]) }
  }
}
