/** A promise and what resolves it. */
export function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined
  const promise = new Promise<void>((onResolve) => (resolve = onResolve))
  return { promise, resolve }
}
