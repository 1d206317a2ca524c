import { computed, ref, shallowRef } from 'vue'
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

  it('does not take for new what a filter finds among the rows that were there', () => {
    const state = shallowRef({ total: 10, scanned: 100 })
    const { following, unseen } = useFollowTail(
      computed(() => state.value.total),
      computed(() => state.value.scanned < 1_000),
    )
    following.value = false
    state.value = { total: 60, scanned: 600 }
    state.value = { total: 100, scanned: 1_000 }
    expect(unseen.value).toBe(0)
    state.value = { total: 101, scanned: 1_001 }
    expect(unseen.value).toBe(1)
  })

  it('never follows a list that is not live, in which nothing is new', () => {
    const end = ref(0)
    const { following, unseen } = useFollowTail(end, ref(false), false)
    following.value = true
    end.value = 500
    expect(following.value).toBe(false)
    expect(unseen.value).toBe(0)
  })
})
