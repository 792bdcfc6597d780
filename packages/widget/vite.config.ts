import { fileURLToPath } from 'node:url'
import { minify } from 'terser'
import { build, defineConfig, type InlineConfig, type Plugin, type UserConfig } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const conditions = ['source', 'browser', 'module', 'import', 'default']

// The first versions with light-dark(); lowered, it would be paid for in every rule.
const cssTarget = ['chrome123', 'firefox120', 'safari17.5']

/** A second minifier finds another hundredth, in files that have a budget. */
const squeeze: Plugin = {
  name: 'deskbell-squeeze',
  async generateBundle(_options, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type !== 'chunk') continue
      const { code } = await minify(file.code, { ecma: 2020, module: true, compress: { passes: 3 } })
      if (code) file.code = code
    }
  },
}

/** The panel: a module whose name carries its hash, so that it can be cached for ever. */
const panel: UserConfig = {
  root: here('.'),
  resolve: { conditions },
  build: {
    outDir: here('dist'),
    target: 'es2022',
    cssTarget,
    // As a library it has no wrapper around its imports, which would only preload what it does not have.
    lib: { entry: here('src/panel/main.tsx'), formats: ['es'] },
    rolldownOptions: {
      // Its chunks take what they share from the panel itself, not from yet another file.
      preserveEntrySignatures: 'allow-extension',
      output: {
        minify: true,
        comments: false,
        entryFileNames: 'widget/panel-[hash:6].js',
        chunkFileNames: 'widget/[name]-[hash:6].js',
      },
    },
  },
}

/** The loader: a classic script, which cannot have chunks of its own; it is told the panel's name. */
const loader = (panelPath: string): InlineConfig => ({
  root: here('.'),
  configFile: false,
  logLevel: 'warn',
  resolve: { conditions },
  plugins: [squeeze],
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
  plugins: [squeeze, thenLoader],
})
