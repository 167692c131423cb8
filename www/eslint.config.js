// Lint of the app and of the end-to-end tests.
import js from '@eslint/js'
import vue from 'eslint-plugin-vue'
import globals from 'globals'
import ts from 'typescript-eslint'

export default ts.config(
  { ignores: ['dist/', 'src/core/wasm/', 'src/core/types.ts'] },
  js.configs.recommended,
  ts.configs.strict,
  vue.configs['flat/recommended'],
  {
    files: ['**/*.{ts,vue}'],
    languageOptions: {
      globals: { ...globals.browser, ...globals.worker },
      parserOptions: { parser: ts.parser, sourceType: 'module' },
    },
    // TypeScript itself knows which names exist.
    rules: { 'no-undef': 'off' },
  },
  {
    files: ['**/*.{js,mjs}', 'vite.config.ts'],
    languageOptions: { globals: globals.node },
  },
  {
    rules: {
      eqeqeq: 'error',
      'no-console': ['error', { allow: ['warn', 'error'] }],
      // Text of other people is never parsed as markup.
      'vue/no-v-html': 'error',
      // Long attribute lists are left to the author, within 120 columns.
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/html-self-closing': ['error', { html: { void: 'always' } }],
      // One word per screen is enough (for example `Today.vue`).
      'vue/multi-word-component-names': 'off',
    },
  },
  // What runs in a terminal prints.
  { files: ['**/*.mjs'], rules: { 'no-console': 'off' } },
  // Functions in them run in the page.
  { files: ['tests/e2e/**', 'tools/shots.mjs', 'tools/shots/**'], languageOptions: { globals: globals.browser } },
)
