/** Thrown for every part of Electron that the stand-in does not have. */
export class NotImplemented extends Error {
  constructor(member: string) {
    super(`The Electron stand-in does not implement ${member}`)
    this.name = 'NotImplemented'
  }
}

/** Asked of every object by the language and its tools, so not a use of Electron. */
const asked = new Set(['then', 'toJSON', 'constructor', 'asymmetricMatch', 'nodeType', '$$typeof'])

/** `members` as the object called `name` in Electron; what is missing throws by name. */
export function double<Members extends object>(name: string, members: Members): Members {
  return new Proxy(members, {
    get(target, key) {
      if (typeof key === 'string' && !(key in target) && !asked.has(key))
        throw new NotImplemented(`${name}.${key}`)
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
    set(target, key, value) {
      if (!(key in target)) throw new NotImplemented(`${name}.${String(key)} =`)
      return Reflect.set(target, key, value, target)
    },
  })
}

/** A whole part of Electron that is missing: any use throws by name. */
export function missing<Part>(name: string): Part {
  const refuse = (): never => {
    throw new NotImplemented(name)
  }
  return new Proxy(class {}, {
    get: (_target, key) => {
      if (typeof key === 'symbol' || asked.has(key)) return undefined
      throw new NotImplemented(`${name}.${key}`)
    },
    construct: refuse,
    apply: refuse,
  }) as Part
}
