/**
 * Fills what a stored object lacks from the defaults, so that a field added later does not make older
 * files invalid, and leaves out what the defaults do not know. Whatever else is wrong with it stays,
 * for the schema to find.
 */
export function withDefaults(defaults: object, stored: unknown): unknown {
  if (!isPlainObject(stored)) return stored
  return Object.fromEntries(
    Object.entries(defaults).map(([key, standard]: [string, unknown]) => {
      if (!Object.hasOwn(stored, key)) return [key, standard]
      return [key, isFixedShape(standard) ? withDefaults(standard, stored[key]) : stored[key]]
    }),
  )
}

/** An empty object stands for a record whose keys are data. */
function isFixedShape(value: unknown): value is object {
  return isPlainObject(value) && Object.keys(value).length > 0
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
