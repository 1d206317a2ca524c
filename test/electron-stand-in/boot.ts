/*
 * Entry of the app's process: lets `electron` mean the stand-in, then loads the built main as
 * Electron does. Started with Node's own type stripping, hence the resolve hook for `.ts`.
 */
import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'

const here = import.meta.url
const double = new URL('./main/electron.ts', here).href
const folder = new URL('./', here).href

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === 'electron') return { url: double, shortCircuit: true }
    const own = context.parentURL?.startsWith(folder) === true && specifier.startsWith('.')
    return next(own && !specifier.endsWith('.ts') ? `${specifier}.ts` : specifier, context)
  },
})

const { config } = await import('./main/machine')
const { appCodeLoaded, appCodeFailed } = await import('./main/app')
// The app may end by itself when its parent is gone; the stand-in does not outlive its tests.
process.on('disconnect', () => void setTimeout(() => process.exit(1), 10_000).unref())
try {
  await import(pathToFileURL(config.main).href)
  appCodeLoaded()
} catch (error) {
  appCodeFailed(error)
}
