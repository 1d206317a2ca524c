import * as v from 'valibot'
import { ConnectionConfig, defaultConfig } from '@shared/model/connection'
import { withDefaults } from './with-defaults'

/** A configuration as a document holds it: fields it lacks have their defaults. */
export const StoredConfig = v.pipe(
  v.unknown(),
  v.transform((stored) => withDefaults(defaultConfig(), stored)),
  ConnectionConfig,
)
