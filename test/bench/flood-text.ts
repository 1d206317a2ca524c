/** Bytes of every message of a flood. */
export const floodBytes = 128

/** How many different messages a flood repeats. */
export const floodTexts = 512

/** The text of the message at this place of a flood, 128 bytes long. */
export function floodText(index: number): string {
  const head = `{"type":"trade","symbol":"ACME","sequence":${index % floodTexts},"note":"`
  return `${head.padEnd(floodBytes - 2, 'x')}"}`
}
