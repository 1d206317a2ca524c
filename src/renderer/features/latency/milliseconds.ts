/** Milliseconds with three digits and no unit: `0.412`, `1.23`, `12.4`, `412`, `1,204`. */
export function formatMilliseconds(value: number): string {
  if (value < 0.9995) return value.toFixed(3)
  if (value < 9.995) return value.toFixed(2)
  if (value < 99.95) return value.toFixed(1)
  return whole.format(value)
}

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })
