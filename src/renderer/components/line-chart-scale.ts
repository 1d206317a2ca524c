/** The largest number with one digit, as in 0.4, 8 or 20, that is not above a value. */
export function roundBelow(value: number): number {
  if (!(value > 0)) return 0
  const unit = 10 ** Math.floor(Math.log10(value))
  // Through text, because 3 * 0.1 is not 0.3.
  return Number((Math.floor(value / unit) * unit).toPrecision(1))
}
