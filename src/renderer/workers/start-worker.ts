interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): string }
}

let policy: { createScriptURL(url: string): string } | undefined

/** The page's policy takes a worker's address only from here, and here only from its own origin. */
function trusted(url: string): string {
  const { trustedTypes } = globalThis as { readonly trustedTypes?: TrustedTypes }
  policy ??= trustedTypes?.createPolicy('framescope', { createScriptURL: ownScript }) ?? {
    createScriptURL: ownScript,
  }
  return policy.createScriptURL(url)
}

function ownScript(url: string): string {
  const { href, protocol, host } = new URL(url, document.baseURI)
  if (protocol === location.protocol && host === location.host) return href
  throw new TypeError('A worker can only be started from a script of this app.')
}

/** Starts a worker from a script of this app: what `import url from './some-worker?worker&url'` gives. */
export function startWorker(url: string): Worker {
  return new Worker(trusted(url), { type: 'module' })
}
