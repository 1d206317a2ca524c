import type { SecretStore } from '../storage/secret-store'
import type { HandlersOf } from './handlers-of'

export function secretHandlers(secrets: SecretStore): HandlersOf<'secrets'> {
  return {
    'secrets.put': async ({ value }) => ({ secretRef: await secrets.put(value) }),
  }
}
