/** The year 2255: until then microseconds are whole numbers that JavaScript holds exactly. */
const latestTime = 9e12

/** Whether a number can be the time of a row, in milliseconds since the epoch. */
export function isRowTime(time: number): boolean {
  return time >= 0 && time <= latestTime
}
