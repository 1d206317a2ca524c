import { resolve } from 'node:path'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'
import { workerModules } from './scripts/lib/worker-modules.mjs'

const alias = { '@shared': resolve(import.meta.dirname, 'src/shared') }

/** One project per suite, so that the test script can count each by itself. */
const suite = (name: string, include: string[], environment: 'node' | 'happy-dom' = 'node') => ({
  resolve: { alias },
  plugins: [vue(), workerModules()],
  test: {
    name,
    include,
    environment,
    setupFiles: resolve(import.meta.dirname, 'test/support/patience.ts'),
    testTimeout: 20_000,
    hookTimeout: 30_000,
    expect: { poll: { timeout: 10_000 } },
  },
})

export default defineConfig({
  test: {
    projects: [
      suite('unit', ['src/{shared,main,preload}/**/*.test.ts', 'scripts/**/*.test.ts']),
      suite('renderer', ['src/renderer/**/*.test.ts'], 'happy-dom'),
      suite('contract', ['test/contract/**/*.test.ts']),
      suite('security', ['test/security/**/*.exploit.test.ts']),
      suite('package', ['test/package/**/*.test.ts']),
    ],
  },
})
