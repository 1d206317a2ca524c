import { describe, expect, it } from 'vitest'
import { settingsToVersion2 } from './settings-to-version-2'

describe('settingsToVersion2', () => {
  it.each([
    [
      { theme: 'dark', logBudget: 268_435_456 },
      { theme: 'dark', logBudget: 1_073_741_824 },
    ],
    [{ logBudget: 67_108_864 }, { logBudget: 67_108_864 }],
    [{ theme: 'dark' }, { theme: 'dark' }],
    [null, null],
  ])('takes %j to %j', (older, newer) => {
    expect(settingsToVersion2(older)).toEqual(newer)
  })
})
