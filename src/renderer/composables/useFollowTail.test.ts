import { ref } from 'vue'
import { describe, expect, it } from 'vitest'
import { useFollowTail } from './useFollowTail'

describe('useFollowTail', () => {
  it('counts the rows that came since the list was scrolled away from its end', () => {
    const end = ref(10)
    const { following, unseen } = useFollowTail(end, ref(false))
    end.value = 20
    expect(unseen.value).toBe(0)
    following.value = false
    end.value = 258
    expect(unseen.value).toBe(238)
    following.value = true
    expect(unseen.value).toBe(0)
  })

  it('counts anew under another filter', () => {
    const end = ref(100)
    const restarted = ref(false)
    const { following, unseen } = useFollowTail(end, restarted)
    following.value = false
    end.value = 150
    restarted.value = true
    end.value = 500
    restarted.value = false
    expect(unseen.value).toBe(0)
    end.value = 501
    expect(unseen.value).toBe(1)
  })
})
