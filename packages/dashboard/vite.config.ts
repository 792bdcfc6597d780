import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const desk = process.env.DESK_URL ?? 'http://127.0.0.1:4000'

export default defineConfig({
  base: '/admin/',
  plugins: [react(), tailwindcss()],
  resolve: { conditions: ['source', 'module', 'browser', 'development|production'] },
  build: {
    target: 'es2022',
    outDir: 'dist',
    assetsDir: 'assets',
    // A data: URL would need an exception in the Content-Security-Policy.
    assetsInlineLimit: 0,
    rolldownOptions: {
      // What dialogs need, by a name that the size limits know: it is loaded with the first of them.
      output: {
        codeSplitting: {
          groups: [
            {
              name: 'overlay',
              test: /node_modules\/@(base-ui|floating-ui)\//,
              // React is among what they need, and the first page would load them for it.
              includeDependenciesRecursively: false,
            },
          ],
        },
      },
    },
  },
  server: {
    proxy: { '/api': desk, '/cable': { target: desk, ws: true } },
  },
})
