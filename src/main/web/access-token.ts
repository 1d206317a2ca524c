import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** A secret of 128 bits as 32 hexadecimal digits, new at every start. */
export function createAccessToken(): string {
  return randomBytes(16).toString('hex')
}

/** Compares in a time that tells nothing about where the two differ, whatever their lengths. */
export function isAccessToken(offered: string, token: string): boolean {
  return timingSafeEqual(digest(offered), digest(token))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
