import { mount } from '@vue/test-utils'
import { TooltipProvider } from 'reka-ui'
import { describe, expect, it, vi } from 'vitest'
import { defineComponent } from 'vue'
import IconButton from './IconButton.vue'

describe('IconButton', () => {
  it('is a button with its label as its name that does what it is given to do', async () => {
    const run = vi.fn()
    const wrapper = mount(
      defineComponent({
        components: { IconButton, TooltipProvider },
        setup: () => ({ run }),
        template: `<TooltipProvider>
          <IconButton label="New tab" :pressed="true" @click="run" />
        </TooltipProvider>`,
      }),
    )
    const button = wrapper.get('button')
    expect(button.attributes()).toMatchObject({ 'aria-label': 'New tab', 'aria-pressed': 'true' })
    await button.trigger('click')
    expect(run).toHaveBeenCalledOnce()
  })
})
