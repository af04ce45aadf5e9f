import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'
import { tokens } from '../src/web/tokens.ts'

/** The tokens that the pages without JavaScript use too. */
const designTokens: Plugin = {
  name: 'design-tokens',
  resolveId: (id) => (id === 'virtual:tokens.css' ? '\0virtual:tokens.css' : null),
  load: (id) => (id === '\0virtual:tokens.css' ? tokens : null),
}

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  publicDir: 'public',
  // The server says below which path it is: see startPage of src/dashboard.
  base: './',
  resolve: { conditions: ['@pawl/source', 'module', 'browser', 'development|production'] },
  plugins: [designTokens],
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
