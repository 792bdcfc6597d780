import { fileURLToPath } from 'node:url'
import { DeskbellError } from '@deskbell/protocol'
import { readStaticFile, readStaticFiles, type StaticFile, serveFile } from './static-files.ts'

/** `src/http` and `dist/http` are equally deep, so one address serves both. */
const STATIC = fileURLToPath(new URL('../../static/', import.meta.url))

/** Any page may load the widget's files. */
const WIDGET_HEADERS = {
  'access-control-allow-origin': '*',
  'cross-origin-resource-policy': 'cross-origin',
}
const PRIVATE_HEADERS = { 'cross-origin-resource-policy': 'same-origin' }

/** The files of the widget and of the dashboard. */
export interface Pages {
  widgetLoader(request: Request): Promise<Response>
  widgetChunk(request: Request, name: string): Promise<Response>
  /** `path` is what follows `/admin/`; every address of the dashboard that names no file is its one page. */
  dashboard(request: Request, path: string): Promise<Response>
}

export function openPages(folder: string = STATIC): Pages {
  const loader = readStaticFile(`${folder}/widget.js`)
  const chunks = readStaticFiles(`${folder}/widget`)
  const dashboard = readStaticFiles(`${folder}/admin`)
  return {
    widgetLoader: async (request) =>
      await serveFile(loader ?? missing(), request, 'revalidate', WIDGET_HEADERS),
    widgetChunk: async (request, name) =>
      await serveFile(found(chunks, name), request, 'forever', WIDGET_HEADERS),
    async dashboard(request, path) {
      const file = dashboard.get(path)
      if (path.startsWith('assets/')) {
        return await serveFile(found(dashboard, path), request, 'forever', PRIVATE_HEADERS)
      }
      if (file !== undefined && path !== 'index.html') {
        return await serveFile(file, request, 'revalidate', PRIVATE_HEADERS)
      }
      const page = found(dashboard, 'index.html')
      return await serveFile(page, request, 'revalidate', { ...PRIVATE_HEADERS, ...pageHeaders(request) })
    },
  }
}

function pageHeaders(request: Request): Record<string, string> {
  const host = request.headers.get('host') ?? new URL(request.url).host
  // A host that could end the directive is not repeated in it.
  const sockets = /^[\w.:[\]-]+$/.test(host) ? ` ws://${host} wss://${host}` : ''
  return {
    'content-security-policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      `connect-src 'self'${sockets}`,
      "img-src 'self' data:",
      "font-src 'self'",
      "manifest-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      // No text becomes script: the sinks take typed values only, and no policy makes any.
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ].join('; '),
    'referrer-policy': 'same-origin',
    'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin',
  }
}

function found(files: Map<string, StaticFile>, name: string): StaticFile {
  return files.get(name) ?? missing()
}

function missing(): never {
  throw new DeskbellError('not_found', 'There is no such file.')
}
