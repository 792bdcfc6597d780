import { fileURLToPath } from 'node:url'
import preact from '@preact/preset-vite'
import { build, defineConfig, type InlineConfig, type Plugin, type UserConfig } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const conditions = ['source', 'browser', 'module', 'import', 'default']

// The first versions with light-dark(); lowered, it would be paid for in every rule.
const cssTarget = ['chrome123', 'firefox120', 'safari17.5']

/** The panel: a module whose name carries its hash, so that it can be cached for ever. */
const panel: UserConfig = {
  root: here('.'),
  resolve: { conditions },
  build: {
    outDir: here('dist'),
    target: 'es2022',
    cssTarget,
    modulePreload: false,
    rolldownOptions: {
      input: here('src/panel/main.tsx'),
      preserveEntrySignatures: 'strict',
      output: { entryFileNames: 'widget/panel-[hash].js', chunkFileNames: 'widget/[name]-[hash].js' },
    },
  },
}

/** The loader: a classic script, which cannot have chunks of its own; it is told the panel's name. */
const loader = (panelPath: string): InlineConfig => ({
  root: here('.'),
  configFile: false,
  logLevel: 'warn',
  resolve: { conditions },
  define: { __PANEL_PATH__: JSON.stringify(panelPath) },
  build: {
    outDir: here('dist'),
    emptyOutDir: false,
    target: 'es2022',
    cssTarget,
    rolldownOptions: {
      input: here('src/loader/main.ts'),
      output: { format: 'iife', entryFileNames: 'widget.js' },
    },
  },
})

const thenLoader: Plugin = {
  name: 'deskbell-loader',
  async writeBundle(_options, bundle) {
    const entry = Object.values(bundle).find((file) => file.type === 'chunk' && file.isEntry)
    if (entry) await build(loader(entry.fileName))
  },
}

export default defineConfig({
  ...panel,
  plugins: [preact({ devToolsEnabled: false, prefreshEnabled: false }), thenLoader],
})
