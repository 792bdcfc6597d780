import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const TYPES = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.json', 'application/json; charset=utf-8'],
  ['.map', 'application/json; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
  ['.png', 'image/png'],
  ['.ico', 'image/x-icon'],
  ['.webp', 'image/webp'],
  ['.woff2', 'font/woff2'],
  ['.txt', 'text/plain; charset=utf-8'],
  ['.webmanifest', 'application/manifest+json'],
])
/** What is already compressed only grows. */
const IS_TEXT = /^(text|application)\/|svg/
const COMPRESS_LEAST = 1024

const IMMUTABLE = 'public, max-age=31536000, immutable'
const REVALIDATE = 'no-cache'

interface Compressed {
  gzip: Promise<Buffer<ArrayBuffer>>
  br: Promise<Buffer<ArrayBuffer>>
}

/** A file of the built apps: read once, compressed when it is first asked for. */
export interface StaticFile {
  readonly bytes: Buffer<ArrayBuffer>
  readonly type: string
  readonly etag: string
  compressed: Compressed | null
}

/** The files of a folder by their path in it, such as `assets/app-1a2b.js`. A missing folder has none. */
export function readStaticFiles(folder: string): Map<string, StaticFile> {
  const files = new Map<string, StaticFile>()
  for (const path of pathsIn(folder)) {
    const file = readStaticFile(path)
    if (file !== null) files.set(relative(folder, path).split(sep).join('/'), file)
  }
  return files
}

/** One file, or null where there is none. */
export function readStaticFile(path: string): StaticFile | null {
  const bytes = bytesOf(path)
  if (bytes === null) return null
  const digest = createHash('sha256').update(bytes).digest('base64url')
  const type = TYPES.get(extname(path)) ?? 'application/octet-stream'
  return { bytes, type, etag: `"${digest.slice(0, 22)}"`, compressed: null }
}

/** Answers with a file. `kept` is for good under a name that has a hash, or with a question each time. */
export async function serveFile(
  file: StaticFile,
  request: Request,
  kept: 'forever' | 'revalidate',
  headers: Record<string, string>,
): Promise<Response> {
  const common = {
    ...headers,
    etag: file.etag,
    vary: 'Accept-Encoding',
    'cache-control': kept === 'forever' ? IMMUTABLE : REVALIDATE,
  }
  if (isKnown(request.headers.get('if-none-match'), file.etag)) {
    return new Response(null, { status: 304, headers: common })
  }
  const encoding = chooseEncoding(request.headers.get('accept-encoding') ?? '', file)
  const bytes = encoding === null ? file.bytes : await compressed(file)[encoding]
  const encoded = encoding === null ? {} : { 'content-encoding': encoding }
  const length = { 'content-length': String(bytes.byteLength) }
  return new Response(bytes, { headers: { ...common, ...encoded, ...length, 'content-type': file.type } })
}

function isKnown(ifNoneMatch: string | null, etag: string): boolean {
  if (ifNoneMatch === null) return false
  return ifNoneMatch
    .split(',')
    .some((known) => known.trim().replace(/^W\//, '') === etag || known.trim() === '*')
}

function chooseEncoding(accepted: string, file: StaticFile): 'br' | 'gzip' | null {
  if (file.bytes.byteLength < COMPRESS_LEAST || !IS_TEXT.test(file.type)) return null
  const names = accepted.split(',').flatMap((part) => {
    const [name = '', weight = ''] = part.trim().split(';')
    return /q=0(\.0*)?$/.test(weight.trim()) ? [] : [name.trim().toLowerCase()]
  })
  if (names.includes('br')) return 'br'
  return names.includes('gzip') ? 'gzip' : null
}

function compressed(file: StaticFile): Compressed {
  file.compressed ??= {
    gzip: promisify(gzip)(file.bytes),
    br: promisify(brotliCompress)(file.bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  }
  return file.compressed
}

function bytesOf(path: string): Buffer<ArrayBuffer> | null {
  try {
    return Buffer.from(readFileSync(path))
  } catch {
    return null
  }
}

function pathsIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  } catch {
    return []
  }
}
