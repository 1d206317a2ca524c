import { watchEffect } from 'vue'
import { useCommandsStore, type Command } from '../stores/commands'

/** Offers commands as long as the component is on screen; a function is asked again when it changes. */
export function useCommands(commands: readonly Command[] | (() => readonly Command[])): void {
  const store = useCommandsStore()
  watchEffect((onCleanup) => {
    onCleanup(store.register(typeof commands === 'function' ? commands() : commands))
  })
}
