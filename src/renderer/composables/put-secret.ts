import { engine } from '../api/engine'

/** Gives a secret to the engine's keeping. @returns the reference that stands for it from now on. */
export async function putSecret(value: string): Promise<string> {
  const { secretRef } = await engine.call('secrets.put', { value })
  return secretRef
}
