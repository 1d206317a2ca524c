import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { TooltipProvider } from 'reka-ui'
import * as v from 'valibot'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { h, shallowRef } from 'vue'
import { checkPlan } from '@shared/model/check-plan'
import { faultWords } from '@shared/model/server-fault'
import { planOf } from '@shared/model/server-presets'
import { newRoute, ServerPlan } from '@shared/model/server-route'
import { must } from '../../../../../test/fakes/must'
import { useToastsStore } from '../../../stores/toasts'
import { behaviourWords } from './behaviour-kinds'
import { newFault } from './fault-defaults'
import { stepWords } from './script-parts'
import PlanEditor from './PlanEditor.vue'

let wrapper: VueWrapper
let sent: ServerPlan[]
const plan = shallowRef<ServerPlan>(planOf('echo'))

beforeEach(() => {
  setActivePinia(createPinia())
  vi.useFakeTimers({ shouldAdvanceTime: true })
})
afterEach(() => {
  wrapper.unmount()
  vi.useRealTimers()
})

function edit(first: ServerPlan, echoes = true) {
  plan.value = first
  sent = []
  wrapper = mount(
    () =>
      h(TooltipProvider, () =>
        h(PlanEditor, {
          plan: plan.value,
          running: true,
          'onUpdate:plan': (next: ServerPlan) => {
            sent.push(next)
            // As over the wire: a copy, and not in the same turn.
            if (echoes) setTimeout(() => (plan.value = structuredClone(next)))
          },
        }),
      ),
    { attachTo: document.body },
  )
}

const twoRoutes = (): ServerPlan => ({
  ...planOf('echo'),
  routes: [newRoute('a', '/a'), newRoute('b', '/b')],
})
const button = (name: string, root: ParentNode = document) =>
  must(
    [...root.querySelectorAll<HTMLButtonElement>('button')].find(
      (item) => (item.getAttribute('aria-label') ?? item.textContent?.trim()) === name,
    ),
  )
const field = (name: string) => {
  const label = must(wrapper.findAll('label').find((item) => item.text() === name))
  return wrapper.get<HTMLInputElement>(`[id="${must(label.attributes('for'))}"]`)
}
const paths = (of: ServerPlan | undefined) => must(of).routes.map(({ path }) => path)
const pause = async () => {
  await vi.advanceTimersByTimeAsync(400)
  await flushPromises()
}

async function press(name: string) {
  button(name).click()
  await flushPromises()
}

async function choose(menu: string, item: string) {
  const trigger = button(menu)
  trigger.dispatchEvent(
    new PointerEvent('pointerdown', { bubbles: true, button: 0, pointerType: 'mouse' }),
  )
  trigger.click()
  await flushPromises()
  const found = [...document.querySelectorAll<HTMLElement>('[role=menuitem]')].find(
    (candidate) => candidate.textContent?.trim() === item,
  )
  must(found).click()
  await pause()
}

/** Of the last plan that went out, which has to be one that a server can run. */
function last(): ServerPlan {
  const next = must(sent.at(-1))
  expect(v.parse(ServerPlan, next)).toEqual(next)
  expect(checkPlan(next)).toEqual([])
  return next
}

async function undo() {
  const toasts = useToastsStore()
  toasts.act(must(toasts.toasts.at(-1)).id)
  await pause()
}

describe('the path of a route', () => {
  it('goes out after a pause in typing', async () => {
    edit(planOf('echo'))
    await field('Path').setValue('/chat')
    expect(sent).toEqual([])
    await pause()
    expect(paths(last())).toEqual(['/chat'])
  })

  it('goes out when the field is left', async () => {
    edit(planOf('echo'))
    await field('Path').setValue('/chat')
    await field('Path').trigger('focusout')
    expect(paths(last())).toEqual(['/chat'])
    await pause()
    expect(sent).toHaveLength(1)
  })

  it('stays as typed while it is wrong, and nothing goes out', async () => {
    edit(planOf('echo'))
    await field('Path').setValue('chat')
    await pause()
    expect(sent).toEqual([])
    const input = field('Path')
    expect(input.attributes('aria-invalid')).toBe('true')
    expect(wrapper.get(`[id="${must(input.attributes('aria-describedby'))}"]`).text()).toMatch(
      /begins with \//,
    )
    expect(wrapper.get('[role=status]').text()).toContain(
      '1 problem. The server goes on with the last valid plan.',
    )
    // News of the same plan, as with every change of a counter, is no reason to lose it.
    plan.value = structuredClone(plan.value)
    await flushPromises()
    expect(input.element.value).toBe('chat')
    await input.setValue('/chat')
    await pause()
    expect(input.attributes('aria-invalid')).toBeUndefined()
    expect(wrapper.get('[role=status]').text()).toBe('')
    expect(paths(last())).toEqual(['/chat'])
  })

  it('is found again from elsewhere while it is wrong', async () => {
    edit(twoRoutes())
    await field('Path').setValue('a')
    await wrapper.findAll('ol[aria-label=Routes] [data-main]')[1]?.trigger('click')
    expect(field('Path').element.value).toBe('/b')
    await press('Show')
    expect(field('Path').element.value).toBe('a')
    expect(document.activeElement).toBe(field('Path').element)
  })
})

describe('a plan from outside', () => {
  it('replaces the draft, valid or not', async () => {
    edit(planOf('echo'))
    await field('Path').setValue('nonsense')
    plan.value = planOf('http')
    await pause()
    expect(field('Path').element.value).toBe('/chat')
    expect(sent).toEqual([])
  })

  it('does not undo what was typed since it was sent', async () => {
    edit(planOf('echo'), false)
    await field('Path').setValue('/one')
    await pause()
    await field('Path').setValue('/one-more')
    plan.value = structuredClone(must(sent[0]))
    await flushPromises()
    expect(field('Path').element.value).toBe('/one-more')
    await pause()
    expect(sent.map((each) => paths(each)[0])).toEqual(['/one', '/one-more'])
  })
})

describe('the list of routes', () => {
  it('says what each does', () => {
    const route = { ...newRoute('a', '/a'), faults: [newFault('drop', 'f')] }
    edit({ ...planOf('echo'), routes: [route, must(planOf('echo').routes[0])] })
    const rows = wrapper.findAll('ol[aria-label=Routes] .choose')
    expect(rows[0]?.text()).toMatch(/^\/a\s*silent\s*1 fault$/)
    expect(rows[1]?.text()).toMatch(/^\*\s*echo$/)
  })

  it('takes a new route in front of the one for every path, and goes to its path', async () => {
    edit(planOf('echo'))
    await press('Add route')
    expect(paths(last())).toEqual(['/path', '*'])
    expect(document.activeElement).toBe(field('Path').element)
  })

  it('is reordered by buttons and by Alt with an arrow', async () => {
    edit(twoRoutes())
    await press('Move route 1, /a down')
    expect(paths(last())).toEqual(['/b', '/a'])
    const row = must(wrapper.findAll('ol[aria-label=Routes] [data-main]')[1])
    await row.trigger('keydown', { key: 'ArrowUp', altKey: true })
    expect(paths(last())).toEqual(['/a', '/b'])
  })

  it('duplicates a route under another path', async () => {
    edit(twoRoutes())
    await press('Duplicate route 1, /a')
    expect(paths(last())).toEqual(['/a', '/a-2', '/b'])
  })

  it('gives a removed route back', async () => {
    edit(twoRoutes())
    await press('Remove route 1, /a')
    expect(paths(last())).toEqual(['/b'])
    expect(field('Path').element.value).toBe('/b')
    await undo()
    expect(paths(last())).toEqual(['/a', '/b'])
    expect(field('Path').element.value).toBe('/a')
  })
})

describe('behaviours', () => {
  it.each(Object.entries(behaviourWords))('%s can be added', async (kind, { label }) => {
    edit(twoRoutes())
    await choose('Add behaviour', label)
    expect(last().routes[0]?.behaviours.map((each) => each.kind)).toEqual([kind])
  })

  it('are removed with a way back that other changes do not lose', async () => {
    edit(planOf('echo'))
    await choose('Add behaviour', 'Relay')
    await press('Remove behaviour 1, Echo')
    expect(last().routes[0]?.behaviours.map(({ kind }) => kind)).toEqual(['relay'])
    await field('Path').setValue('/chat')
    await undo()
    expect(last().routes[0]).toMatchObject({
      path: '/chat',
      behaviours: [{ kind: 'echo' }, { kind: 'relay' }],
    })
  })

  it.each(Object.entries(stepWords))('script takes the step %s', async (kind, { label }) => {
    edit(twoRoutes())
    await choose('Add behaviour', 'Script')
    await choose('Add step', label)
    expect(last().routes[0]?.behaviours).toMatchObject([
      { rules: [{ steps: [{ kind: 'reply' }, { kind }] }] },
    ])
  })

  it('script says what is wrong at its field', async () => {
    edit(twoRoutes())
    await choose('Add behaviour', 'Script')
    const count = sent.length
    await field('When rule 1 acts').setValue('regex')
    expect(sent).toHaveLength(count + 1)
    await field('Regular expression of rule 1').setValue('(')
    await field('Message of step 1 of rule 1').setValue('{{nothing}}')
    await pause()
    expect(sent).toHaveLength(count + 1)
    expect(field('Regular expression of rule 1').attributes('aria-invalid')).toBe('true')
    expect(field('Message of step 1 of rule 1').attributes('aria-invalid')).toBe('true')
  })
})

describe('faults', () => {
  it.each(Object.values(faultWords))('$label can be added', async ({ label }) => {
    edit(twoRoutes())
    await choose('Add fault', label)
    expect(last().routes[0]?.faults.map(({ kind }) => faultWords[kind].label)).toEqual([label])
    expect(wrapper.text()).toContain('Correct client')
  })

  it('are switched at once', async () => {
    edit({
      ...planOf('echo'),
      routes: [{ ...newRoute('a', '/a'), faults: [newFault('drop', 'f')] }],
    })
    await press('Enable fault 1, Drop')
    expect(sent).toHaveLength(1)
    expect(last().routes[0]?.faults[0]?.enabled).toBe(false)
  })

  it('keep a number that is none until it is one', async () => {
    edit(twoRoutes())
    await choose('Add fault', 'Delay')
    const count = sent.length
    await field('Probability').setValue('120')
    await pause()
    expect(sent).toHaveLength(count)
    expect(field('Probability').attributes('aria-invalid')).toBe('true')
    await field('Probability').setValue('50')
    await field('Times per client').setValue('3')
    await pause()
    expect(last().routes[0]?.faults[0]).toMatchObject({ probability: 0.5, count: 3 })
    await field('Times per client').setValue('')
    await pause()
    expect(last().routes[0]?.faults[0]?.count).toBeNull()
  })

  it('are removed with a way back', async () => {
    edit(twoRoutes())
    await choose('Add fault', 'Drop')
    await press('Remove fault 1, Drop')
    expect(last().routes[0]?.faults).toEqual([])
    await undo()
    expect(last().routes[0]?.faults).toMatchObject([{ kind: 'drop' }])
  })

  it('begin their random numbers elsewhere with a new seed', async () => {
    edit(twoRoutes())
    await choose('Add fault', 'Drop')
    await press('New seed')
    expect(last().routes[0]?.seed).not.toBe(1)
  })
})

describe('what holds for all other requests', () => {
  it('is an answer over HTTP when it is asked for', async () => {
    edit(planOf('echo'))
    await wrapper.findAll('ul[aria-label="Everything else"] button')[0]?.trigger('click')
    await press('Answer over HTTP')
    expect(last().otherPaths).toMatchObject({ kind: 'answer', status: 404 })
  })

  it('is a list of HTTP answers', async () => {
    edit(planOf('echo'))
    await wrapper.findAll('ul[aria-label="Everything else"] button')[1]?.trigger('click')
    await press('Add HTTP answer')
    await press('Add HTTP answer')
    expect(last().plain.map(({ path }) => path)).toEqual(['/', '/path'])
    await press('Move HTTP answer 1 down')
    expect(last().plain.map(({ path }) => path)).toEqual(['/path', '/'])
  })
})

describe('the settings of a route', () => {
  it('change its subprotocols, and let a comma be typed', async () => {
    edit(twoRoutes())
    await wrapper
      .findAll('button')
      .find((item) => item.text().startsWith('Admission'))
      ?.trigger('click')
    const names = field('Subprotocols it speaks')
    await names.setValue('chat.v2,')
    await pause()
    expect(names.element.value).toBe('chat.v2,')
    await names.setValue('chat.v2, chat v1')
    await pause()
    expect(names.attributes('aria-invalid')).toBe('true')
    await names.setValue('chat.v2, chat.v1')
    await pause()
    expect(last().routes[0]?.protocols.accepted).toEqual(['chat.v2', 'chat.v1'])
    await press('Add requirement')
    expect(last().routes[0]?.requires).toHaveLength(1)
  })

  it('take seconds for what is kept in milliseconds', async () => {
    edit(twoRoutes())
    await wrapper
      .findAll('button')
      .find((item) => item.text().startsWith('Keep-alive'))
      ?.trigger('click')
    expect(field('Ping every').element.value).toBe('30')
    await field('Ping every').setValue('1.5')
    await pause()
    expect(last().routes[0]?.keepAlive.interval).toBe(1500)
  })
})
