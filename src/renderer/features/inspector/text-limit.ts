/** Most bytes of a payload that are shown as text at once; beyond, laying it out would be felt. */
export const mostTextBytes = 4 * 1024 * 1024
