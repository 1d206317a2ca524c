import { vi } from 'vitest'

/** Milliseconds to wait for what a busy machine may take its time over. */
const patience = 10_000

const { waitFor } = vi
vi.waitFor = (callback, options) => waitFor(callback, options ?? { timeout: patience })
