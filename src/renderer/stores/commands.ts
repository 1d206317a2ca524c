import { defineStore } from 'pinia'
import { computed, shallowReactive } from 'vue'

/** Something that can be done now, by shortcut, menu, or from the list of commands. */
export interface Command {
  /** `noun.verb`, the same as in the native menu. */
  readonly id: string
  readonly title: string
  /** The heading it stands under in the list of shortcuts. */
  readonly group: string
  /** As `Mod+Shift+K`, where Mod is Ctrl, or Cmd on a Mac; the first one is shown. */
  readonly keys?: readonly string[]
  /** False hides it and lets its keys through. */
  readonly enabled?: () => boolean
  readonly run: () => void
}

/** The one table of commands; features add theirs while they are on screen. */
export const useCommandsStore = defineStore('commands', () => {
  const registered = shallowReactive(new Map<string, Command>())

  const available = computed(() =>
    [...registered.values()].filter((command) => command.enabled?.() ?? true),
  )

  /** Returns the function that takes the commands away again. */
  function register(commands: readonly Command[]): () => void {
    for (const command of commands) registered.set(command.id, command)
    return () => {
      for (const command of commands)
        if (registered.get(command.id) === command) registered.delete(command.id)
    }
  }

  /** @returns whether there was such a command to run. */
  function run(id: string): boolean {
    const command = registered.get(id)
    if (!command || !(command.enabled?.() ?? true)) return false
    command.run()
    return true
  }

  return { available, register, run }
})
