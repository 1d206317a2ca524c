import * as v from 'valibot'

/** A folder that local servers may serve. Where it is, only the engine knows. */
export const Folder = v.strictObject({
  folderId: v.string(),
  /** Its own name, without those above it. */
  name: v.string(),
})
export type Folder = v.InferOutput<typeof Folder>
