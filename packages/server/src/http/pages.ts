import { fileURLToPath } from 'node:url'
import { DeskbellError } from '@deskbell/protocol'
import { readStaticFiles, type StaticFile, serveFile } from './static-files.ts'

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
  const widget = readStaticFiles(`${folder}/widget`)
  const dashboard = readStaticFiles(`${folder}/admin`)
  return {
    widgetLoader: (request) => serveFile(found(widget, 'widget.js'), request, 'revalidate', WIDGET_HEADERS),
    widgetChunk: (request, name) => {
      // The loader's name has no hash: it must never be kept for good.
      if (name === 'widget.js') throw missing()
      return serveFile(found(widget, name), request, 'forever', WIDGET_HEADERS)
    },
    dashboard(request, path) {
      const file = dashboard.get(path)
      if (path.startsWith('assets/')) {
        return serveFile(found(dashboard, path), request, 'forever', PRIVATE_HEADERS)
      }
      if (file !== undefined && path !== 'index.html') {
        return serveFile(file, request, 'revalidate', PRIVATE_HEADERS)
      }
      const page = found(dashboard, 'index.html')
      return serveFile(page, request, 'revalidate', { ...PRIVATE_HEADERS, ...pageHeaders(request) })
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
    ].join('; '),
    'referrer-policy': 'same-origin',
    'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin',
  }
}

function found(files: Map<string, StaticFile>, name: string): StaticFile {
  const file = files.get(name)
  if (file === undefined) throw missing()
  return file
}

function missing(): DeskbellError {
  return new DeskbellError('not_found', 'There is no such file.')
}
