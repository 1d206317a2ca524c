/**
 * Puts text on the clipboard. The Electron host grants the page no permission, and there a copy is a
 * matter of the keystroke or click that asked for it.
 */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    if (!copyByCommand(text)) throw new Error('The clipboard could not be written.')
  }
}

function copyByCommand(text: string): boolean {
  let written = false
  const listener = (event: ClipboardEvent) => {
    event.preventDefault()
    event.stopImmediatePropagation()
    event.clipboardData?.setData('text/plain', text)
    written = true
  }
  document.addEventListener('copy', listener, { capture: true, once: true })
  document.execCommand('copy')
  document.removeEventListener('copy', listener, { capture: true })
  return written
}
