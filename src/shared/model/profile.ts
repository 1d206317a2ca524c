import * as v from 'valibot'
import { ConnectionConfig } from './connection'

export const profileName = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200))

/** A saved connection. Its place in the list is its place in the array. */
export const Profile = v.strictObject({
  id: v.string(),
  name: profileName,
  config: ConnectionConfig,
})
export type Profile = v.InferOutput<typeof Profile>
