/** A big-endian IEEE 754 half-precision number (RFC 8949 appendix D). */
export function readHalf(view: DataView, offset: number): number {
  const half = view.getUint16(offset)
  const exponent = (half >> 10) & 0x1f
  const mantissa = half & 0x3ff
  const magnitude =
    exponent === 0
      ? mantissa * 2 ** -24
      : exponent === 31
        ? mantissa === 0
          ? Infinity
          : NaN
        : (mantissa + 1024) * 2 ** (exponent - 25)
  return half & 0x8000 ? -magnitude : magnitude
}
