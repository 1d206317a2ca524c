import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import prettier from 'eslint-config-prettier'
import { createNodeResolver, importX } from 'eslint-plugin-import-x'
import vue from 'eslint-plugin-vue'
import tseslint from 'typescript-eslint'

const features = readdirSync(resolve(import.meta.dirname, 'src/renderer/features'))

const tests = ['**/*.test.ts', 'test/**/*.ts']

/** Import paths that a layer must not name, with the sentence that says why. */
function forbid(...patterns) {
  return {
    'no-restricted-imports': [
      'error',
      { patterns: patterns.map(([regex, message]) => ({ regex, message })) },
    ],
  }
}

const node = [
  '^(node:|(fs|path|os|net|http|https|tls|crypto|stream|child_process|worker_threads)(/|$))',
  'This layer runs without Node.',
]
const electron = ['^electron(/|$)', "Only src/main/electron and main/index.ts import 'electron'."]
const ws = ['^ws$', 'The engine owns sockets.']
const ui = [
  '^(vue|pinia|reka-ui|uplot)(/|$)|^@(codemirror|lezer|lucide)/',
  'Only the renderer draws.',
]
const mainProcess = ['(^|/)main/', 'This layer must not know the main process.']
const preload = ['(^|/)preload(/|$)', 'Nothing imports the preload script.']
const renderer = ['(^|/)renderer/', 'This layer must not know the renderer.']

const hosts = ['^(\\.\\./)+(electron|web)/', 'The engine knows no host.']

/**
 * The dependency table of ARCHITECTURE.md. The last match counts, so each folder lists all it must
 * not import.
 */
const layers = [
  {
    files: ['src/shared/**'],
    rules: forbid(node, electron, ws, ui, mainProcess, renderer, preload),
  },
  {
    files: [
      'src/main/engine/**',
      'src/main/workers/**',
      'src/main/storage/**',
      'src/main/logging/**',
    ],
    rules: forbid(electron, ui, renderer, preload, hosts, [
      '^(\\.\\./)+(backend|handlers)(/|$)',
      'The engine does not know what is built on it.',
    ]),
  },
  {
    files: ['src/main/backend.ts', 'src/main/handlers/**', 'src/main/*.ts'],
    ignores: ['src/main/index.ts', 'src/main/web.ts'],
    rules: forbid(electron, ui, renderer, preload, [
      '^\\./(electron|web)/',
      'The backend knows no host.',
    ]),
  },
  {
    files: ['src/main/electron/**'],
    rules: forbid(ui, renderer, preload, ws, [
      '^(\\.\\./)+(engine|storage|web)/',
      'A host uses the backend.',
    ]),
  },
  {
    files: ['src/main/web/**', 'src/main/page/**'],
    rules: forbid(electron, ui, renderer, preload, [
      '^(\\.\\./)+(engine|storage|electron)/',
      'A host uses the backend.',
    ]),
  },
  {
    files: ['src/main/web.ts'],
    rules: forbid(electron, ui, renderer, preload),
  },
  {
    files: ['src/main/index.ts'],
    rules: forbid(ui, renderer, preload),
  },
  {
    files: ['src/preload/**'],
    rules: forbid(node, ws, ui, mainProcess, renderer),
  },
  ...rendererLayers(),
]

/** Downwards only: pages, features, components, composables, stores, api. */
function rendererLayers() {
  const base = [node, electron, ws, mainProcess, preload]
  const up = (...folders) => [
    `^(\\.\\./)+(${folders.join('|')})/`,
    `This layer must not import ${folders.join(', ')}.`,
  ]
  return [
    { files: ['src/renderer/**'], rules: forbid(...base) },
    {
      files: ['src/renderer/api/**'],
      rules: forbid(...base, up('stores', 'composables', 'features', 'components', 'pages')),
    },
    {
      files: ['src/renderer/stores/**'],
      rules: forbid(...base, up('composables', 'features', 'components', 'pages')),
    },
    {
      files: ['src/renderer/composables/**'],
      rules: forbid(...base, up('features', 'components', 'pages')),
    },
    {
      files: ['src/renderer/components/**'],
      rules: forbid(...base, up('api', 'stores', 'features', 'pages')),
    },
    {
      files: ['src/renderer/features/**'],
      rules: forbid(...base, up('api', 'pages'), up('features'), [
        `^\.\./(${features.join('|')})/`,
        'A feature never imports a feature.',
      ]),
    },
  ]
}

export default tseslint.config(
  { ignores: ['out/', 'dist/', 'test-results/', 'bench-results/', 'coverage/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error', noInlineConfig: false } },

  ...tseslint.configs.strict.map((config) => ({ ...config, files: ['**/*.{ts,vue}'] })),
  ...vue.configs['flat/recommended'],
  {
    files: ['**/*.{ts,vue,js,mjs}'],
    plugins: { 'import-x': importX },
    settings: {
      'import-x/extensions': ['.ts', '.vue', '.js', '.mjs'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'], 'vue-eslint-parser': ['.vue'] },
      'import-x/resolver-next': [
        createNodeResolver({
          extensions: ['.ts', '.vue', '.js', '.mjs'],
          alias: { '@shared': [resolve(import.meta.dirname, 'src/shared')] },
        }),
      ],
    },
    rules: {
      eqeqeq: ['error', 'always'],
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'no-console': 'error',
      // A closure may need the name before there is a value.
      'prefer-const': ['error', { ignoreReadBeforeAssign: true }],
      'import-x/no-duplicates': 'error',
    },
  },
  {
    files: ['src/**/*.{ts,vue}'],
    languageOptions: {
      parserOptions: {
        parser: tseslint.parser,
        extraFileExtensions: ['.vue'],
      },
    },
  },
  {
    files: ['src/{main,preload,shared}/**/*.ts'],
    ignores: tests,
    languageOptions: {
      parserOptions: {
        project: ['tsconfig.main.json', 'tsconfig.preload.json', 'tsconfig.shared.json'].map(
          (name) => resolve(import.meta.dirname, name),
        ),
      },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  {
    files: ['**/*.{ts,vue}'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/no-extraneous-class': ['error', { allowEmpty: true }],
      '@typescript-eslint/ban-ts-comment': 'error',
      // Empty functions say "nothing to do" here, most of all for errors that `close` follows.
      '@typescript-eslint/no-empty-function': 'off',
      // `void` is how a contract says that a procedure answers nothing.
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
      'no-restricted-properties': [
        'error',
        {
          object: 'shell',
          property: 'openExternal',
          message: 'Links are opened by src/main/electron/safe-open-external.ts only.',
        },
      ],
    },
  },
  {
    files: ['src/main/electron/safe-open-external.ts', ...tests],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    files: ['**/*.vue'],
    rules: {
      'vue/no-v-html': 'error',
      // A static style attribute is a violation of the page's policy once Vue hoists it.
      'vue/no-static-inline-styles': ['error', { allowBinding: true }],
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/multi-word-component-names': 'off',
      // An optional prop is typed as one.
      'vue/require-default-prop': 'off',
      'vue/no-restricted-html-elements': ['error', 'webview', 'iframe'],
    },
  },
  { files: ['src/**'], rules: { 'import-x/no-cycle': ['error', { ignoreExternal: true }] } },
  ...layers,
  // Tests may reach across layers to set things up.
  { files: tests, rules: { 'no-restricted-imports': 'off', 'no-console': 'off' } },
  { files: ['scripts/**/*.mjs'], languageOptions: { sourceType: 'module' } },
  prettier,
)
