/** Most bytes of a payload that are laid out at once; beyond, doing so would be felt. */
export const mostTextBytes = 4 * 1024 * 1024

/** Bytes of a payload that are shown as they are at once. */
export const partBytes = 1024 * 1024
