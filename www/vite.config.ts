// How the app is built: hashed names, nothing inline (the content security policy forbids it), one precache list.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath, URL } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig, type Plugin } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'

const WOFF2_IN_CSS = /url\(["']?data:font\/woff2;[^,]*,([A-Za-z0-9+/=]+)["']?\)/g
const REMOTE_IN_CSS = /,?\s*url\(["']?(?:https?:)?\/\/[^)]*\)\s*(?:format\([^)]*\))?/g

/** Vant's icon font comes inside its CSS, with an address elsewhere as fallback. It becomes a file of its own. */
function fontFiles(): Plugin {
  return {
    name: 'bianfang:font-files',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      for (const asset of Object.values(bundle)) {
        if (asset.type !== 'asset' || !asset.fileName.endsWith('.css')) continue
        const css = typeof asset.source === 'string' ? asset.source : new TextDecoder().decode(asset.source)
        asset.source = css
          .replace(WOFF2_IN_CSS, (_match, base64: string) => {
            const file = this.emitFile({ type: 'asset', name: 'icons.woff2', source: Buffer.from(base64, 'base64') })
            return `url(/${this.getFileName(file)})`
          })
          .replace(REMOTE_IN_CSS, '')
      }
    },
  }
}

/** What the browser compares a file with before it is kept: a login page or half a file never becomes a part of the app. */
function integrity(url: string): string {
  const bytes = readFileSync(fileURLToPath(new URL(`./dist/${url}`, import.meta.url)))
  return `sha256-${createHash('sha256').update(bytes).digest('base64')}`
}

export default defineConfig({
  plugins: [
    vue(),
    fontFiles(),
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'src',
      filename: 'sw.ts',
      // The app registers the worker itself, because it decides when an update may take over.
      injectRegister: false,
      // public/manifest.webmanifest is written by hand.
      manifest: false,
      injectManifest: {
        rollupFormat: 'iife',
        globPatterns: ['**/*.{html,js,css,wasm,woff2,svg,png,webmanifest}'],
        // The core alone may exceed the plugin's limit of 2 MiB in a fast test build.
        maximumFileSizeToCacheInBytes: 64 * 1024 * 1024,
        manifestTransforms: [
          (entries) => ({ manifest: entries.map((entry) => ({ ...entry, integrity: integrity(entry.url) })) }),
        ],
      },
    }),
  ],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  define: { __VUE_OPTIONS_API__: 'false', __VUE_PROD_DEVTOOLS__: 'false' },
  worker: { format: 'es' },
  build: {
    target: ['chrome97', 'safari16.4'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
})
