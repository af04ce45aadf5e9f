import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'
import { passkeyScript } from '../src/web/passkeys.ts'
import { tokens } from '../src/web/tokens.ts'

/** The modules that the dashboard shares with the pages of the server. */
const shared: ReadonlyMap<string, string> = new Map([
  ['virtual:tokens.css', tokens],
  ['virtual:passkeys', `${passkeyScript}export { bytesOf, descriptors, signWithPasskey, textOf }\n`],
])

const sharedWithPages: Plugin = {
  name: 'shared-with-pages',
  resolveId: (id) => (shared.has(id) ? `\0${id}` : null),
  load: (id) => shared.get(id.slice(1)) ?? null,
}

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  publicDir: 'public',
  // The server says below which path it is: see startPage of src/dashboard.
  base: './',
  resolve: { conditions: ['@pawl/source', 'module', 'browser', 'development|production'] },
  plugins: [sharedWithPages],
  build: {
    emptyOutDir: true,
    target: 'es2022',
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    license: { fileName: 'third-party-licences.md' },
    rolldownOptions: {
      // Libraries mark files for servers that render React. There is none.
      onwarn: (warning, warn) => warning.code !== 'MODULE_LEVEL_DIRECTIVE' && warn(warning),
      output: {
        // The pages without JavaScript load the font too, by this name.
        assetFileNames: ({ names }) =>
          names.some((name) => name.endsWith('.woff2')) ? 'assets/geist[extname]' : 'assets/[name]-[hash][extname]',
      },
    },
  },
})
