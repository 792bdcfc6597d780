import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { DeskbellError } from '@deskbell/protocol'
import { expect, test } from 'vitest'
import { openPages, type Pages } from './pages.ts'

const PAGE = '<!doctype html><title>Support Chats</title>'
const SCRIPT = `export const words = '${'hello '.repeat(500)}'`

function built(): { pages: Pages } & Disposable {
  const folder = mkdtempSync(join(tmpdir(), 'deskbell-'))
  const files = {
    'widget.js': 'import("./widget/panel-1a2b.js")',
    'widget/panel-1a2b.js': SCRIPT,
    'admin/index.html': PAGE,
    'admin/favicon.svg': '<svg/>',
    'admin/assets/app-3c4d.js': SCRIPT,
    'secret.txt': 'not to be served',
  }
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return {
    pages: openPages(folder),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

const get = (headers: Record<string, string> = {}) => new Request('http://desk.test/', { headers })
const missing = (attempt: () => Promise<Response>) => expect(attempt()).rejects.toBeInstanceOf(DeskbellError)

test('the widget’s loader may be used by any page and is asked for anew each time', async () => {
  using at = built()
  const first = await at.pages.widgetLoader(get())
  expect(Object.fromEntries(first.headers)).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'no-cache',
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
  })
  const etag = first.headers.get('etag') ?? ''
  for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
    const again = await at.pages.widgetLoader(get({ 'if-none-match': known }))
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag])
  }
  expect((await at.pages.widgetLoader(get({ 'if-none-match': '"other"' }))).status).toBe(200)
})

test('what has a hash in its name is kept for good', async () => {
  using at = built()
  const chunk = await at.pages.widgetChunk(get(), 'panel-1a2b.js')
  const asset = await at.pages.dashboard(get(), 'assets/app-3c4d.js')
  for (const response of [chunk, asset]) {
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(await response.text()).toBe(SCRIPT)
  }
  // Under this address the loader would be kept for good, too.
  await missing(() => at.pages.widgetChunk(get(), 'widget.js'))
})

test('files are sent compressed to those who can read that', async () => {
  using at = built()
  const ask = async (accepted: string) => {
    const response = await at.pages.widgetChunk(get({ 'accept-encoding': accepted }), 'panel-1a2b.js')
    const bytes = Buffer.from(await response.arrayBuffer())
    expect(response.headers.get('content-length')).toBe(String(bytes.length))
    expect(response.headers.get('vary')).toBe('Accept-Encoding')
    return { encoding: response.headers.get('content-encoding'), bytes }
  }
  const br = await ask('gzip, deflate, br')
  expect([br.encoding, brotliDecompressSync(br.bytes).toString()]).toEqual(['br', SCRIPT])
  const gzip = await ask('gzip;q=1.0, br;q=0')
  expect([gzip.encoding, gunzipSync(gzip.bytes).toString()]).toEqual(['gzip', SCRIPT])
  expect((await ask('identity')).encoding).toBeNull()
})

test('every address of the dashboard is its one page, under a strict policy', async () => {
  using at = built()
  for (const path of ['', 'chats', 'chats/0197', 'index.html']) {
    const response = await at.pages.dashboard(get({ host: 'desk.test' }), path)
    expect(await response.text()).toBe(PAGE)
    expect(response.headers.get('cache-control')).toBe('no-cache')
    const policy = response.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'")
    expect(policy).toContain("connect-src 'self' ws://desk.test wss://desk.test;")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).toContain("require-trusted-types-for 'script'; trusted-types 'none'")
    expect(policy).not.toContain('unsafe')
    expect(response.headers.get('referrer-policy')).toBe('same-origin')
  }
})

test('a host name cannot add to the policy', async () => {
  using at = built()
  const request = new Request('http://desk.test/', { headers: { host: "x; script-src 'unsafe-inline'" } })
  const policy = (await at.pages.dashboard(request, '')).headers.get('content-security-policy') ?? ''
  expect(policy).not.toContain('unsafe-inline')
})

test('other files of the dashboard are served as what they are', async () => {
  using at = built()
  const icon = await at.pages.dashboard(get(), 'favicon.svg')
  expect([icon.headers.get('content-type'), await icon.text()]).toEqual(['image/svg+xml', '<svg/>'])
})

test('[P8] no path leads out of the folders', async () => {
  using at = built()
  for (const path of [
    '../secret.txt',
    '..%2fsecret.txt',
    'assets/../../secret.txt',
    '/etc/passwd',
    'assets/none.js',
  ]) {
    await missing(() => at.pages.widgetChunk(get(), path))
    if (path.startsWith('assets/')) await missing(() => at.pages.dashboard(get(), path))
    else expect(await (await at.pages.dashboard(get(), path)).text()).toBe(PAGE)
  }
})
