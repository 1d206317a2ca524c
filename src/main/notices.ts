import { randomUUID } from 'node:crypto'
import type { Notice } from '@shared/contract'

/** What the user should know that no call asked for, until it is dismissed. */
export class Notices {
  readonly #onChange: (notices: Notice[]) => void
  #notices: readonly Notice[] = []

  constructor(onChange: (notices: Notice[]) => void) {
    this.#onChange = onChange
  }

  list(): Notice[] {
    return [...this.#notices]
  }

  add(level: Notice['level'], message: string, captureIds: string[] = []): void {
    this.#change([...this.#notices, { id: randomUUID(), level, message, captureIds }])
  }

  /** Does nothing when another window was faster. */
  dismiss(id: string): void {
    this.#change(this.#notices.filter((notice) => notice.id !== id))
  }

  #change(notices: readonly Notice[]): void {
    if (notices.length === this.#notices.length) return
    this.#notices = notices
    this.#onChange(this.list())
  }
}
