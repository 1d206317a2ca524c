import { onScopeDispose } from 'vue'
import { useCommandsStore, type Command } from '../stores/commands'

/** Offers commands as long as the component is on screen. */
export function useCommands(commands: readonly Command[]): void {
  onScopeDispose(useCommandsStore().register(commands))
}
