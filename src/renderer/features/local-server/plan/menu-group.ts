export interface AddMenuItem {
  readonly id: string
  readonly label: string
  /** What it does, in a sentence. */
  readonly hint: string
}

/** Items of a menu under one heading. */
export interface MenuGroup {
  /** Empty for none. */
  readonly label: string
  readonly items: readonly AddMenuItem[]
}
