/** The middle of a list and its ends. */
export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  const upper = sorted[sorted.length >> 1] ?? Number.NaN
  const lower = sorted[(sorted.length - 1) >> 1] ?? Number.NaN
  return {
    median: (lower + upper) / 2,
    min: sorted[0] ?? Number.NaN,
    max: sorted.at(-1) ?? Number.NaN,
  }
}

/** One line of the table. */
export interface Figure {
  readonly label: string
  readonly unit: string
  readonly spread: Spread
  /** What it must reach: at most or at least this. */
  readonly target?: { readonly least: number } | { readonly most: number }
}

export function figure(
  label: string,
  unit: string,
  values: readonly number[],
  target?: Figure['target'],
): Figure {
  return { label, unit, spread: spreadOf(values), ...(target && { target }) }
}

/** Whether the median reaches its target; `null` without one. */
export function isReached({ spread, target }: Figure): boolean | null {
  if (!target) return null
  return 'least' in target ? spread.median >= target.least : spread.median <= target.most
}

/** What a measure needs of the suite. */
export interface Bench {
  readonly pairs: number
  readonly messages: number
  /** Where the flood server listens; see flood-server.ts. */
  readonly floodPort: number
  /** Runs a subject in a process of its own and gives what it reports. */
  run<Result>(subject: string, input: unknown): Promise<Result>
  /** As `run`, for a subject that is sent requests while it works. */
  start(subject: string, input: unknown): RunningSubject
  progress(text: string): void
}

export interface RunningSubject {
  /** Sends a request. @returns the answer and how long it took, in milliseconds. */
  ask<Answer>(request: string): Promise<{ readonly answer: Answer; readonly duration: number }>
  readonly result: Promise<unknown>
}

/** One thing that is measured, by the name `--only` takes. */
export interface Measure {
  readonly name: string
  readonly title: string
  readonly run: (bench: Bench) => Promise<Figure[]>
}

/** Runs two subjects in turn, each first as often as the other, so that no drift favours one. */
export async function interleave<One, Other>(
  pairs: number,
  one: () => Promise<One>,
  other: () => Promise<Other>,
  told: (one: One, other: Other, pair: number) => void,
): Promise<{ readonly one: One[]; readonly other: Other[] }> {
  const measured: { one: One[]; other: Other[] } = { one: [], other: [] }
  for (let pair = 1; pair <= pairs; pair += 1) {
    if (pair % 2 === 1) measured.one.push(await one())
    measured.other.push(await other())
    if (pair % 2 === 0) measured.one.push(await one())
    told(measured.one[pair - 1] as One, measured.other[pair - 1] as Other, pair)
  }
  return measured
}
