import { DeskbellError, EPOCH_HEADER } from '@deskbell/protocol'
import { Hono } from 'hono'
import type * as z from 'zod'
import type { Core } from '../core.ts'
import type { Bus } from '../delivery/bus/bus.ts'
import type { Admins } from '../identity/admins.ts'
import type { Caller } from '../identity/caller.ts'
import { clientAddress } from '../identity/client-address.ts'
import { complaint } from '../identity/person.ts'
import type { UnsubscribeKeys } from '../notifications/unsubscribe.ts'
import type { Settings } from '../settings.ts'
import { DatabaseFailure } from '../store/failure.ts'
import { accountRoutes } from './account.ts'
import { adminChatRoutes } from './admin-chats.ts'
import { adminUserRoutes } from './admin-users.ts'
import { readJson } from './body.ts'
import { allowOrigin, preflight } from './cors.ts'
import { EventStreams } from './event-stream.ts'
import { alive, metricsText, ready } from './health.ts'
import { mailPreferenceRoutes, unsubscribeRoutes } from './mail.ts'
import type { Metrics } from './metrics.ts'
import { documentRoute } from './openapi.ts'
import { ownChatRoutes } from './own-chat.ts'
import { openPages } from './pages.ts'
import { API, innerPath, isApi } from './paths.ts'
import { methodNotAllowed, problemResponse } from './problem.ts'
import type { Access, Call, HttpContext, Route } from './route.ts'
import { signInRoutes } from './sign-in.ts'
import { visitorRoutes } from './visitors.ts'

export type { HttpContext } from './route.ts'

export interface HttpParts {
  core: Core
  settings: Pick<Settings, 'trustProxy' | 'appName'>
  /** Where the desk is mounted, without a slash at its end. */
  basePath: string
  /** The dashboard's accounts; without them there is no dashboard. */
  admins: Promise<Admins> | null
  metrics: Metrics
  bus: Bus
  /** What unsubscribe links are signed with; without it there are none. */
  unsubscribeKeys: UnsubscribeKeys | null
}

/** The desk's answers to HTTP. */
export interface Http {
  fetch(request: Request, context?: HttpContext): Promise<Response>
  /** Every address that the app answers, below its own paths; the tests hold the documentation against it. */
  readonly addresses: readonly { method: string; path: string }[]
}

/** What a request carries through the app. */
interface Env {
  Bindings: { base: string; address: string | null; seen: { caller: Caller | null } }
}

export function createHttp(parts: HttpParts): Http {
  const { core, settings } = parts
  const streams = new EventStreams(core)
  const routes = [
    ...ownChatRoutes(core, streams),
    ...mailPreferenceRoutes(core),
    ...(parts.unsubscribeKeys === null
      ? []
      : unsubscribeRoutes(core, parts.unsubscribeKeys, settings.appName)),
    ...visitorRoutes(core),
    ...adminChatRoutes(core, streams),
    ...adminUserRoutes(core),
    ...(parts.admins === null ? [] : [...signInRoutes(core, parts.admins), ...accountRoutes(parts.admins)]),
  ]
  routes.push(documentRoute(routes, settings.appName))
  const app = new Hono<Env>({ getPath: (request, options) => innerPath(pathOf(request), baseOf(options)) })
  for (const route of routes) {
    app.on(route.method, API + route.path, async (c) => {
      const { base, address, seen } = c.env
      const { revocations } = core.connections
      if (route.access !== 'anyone') seen.caller = await core.identity.identify(c.req.raw)
      return await answer(route, {
        request: c.req.raw,
        caller: seen.caller,
        params: c.req.param(),
        path: base + c.req.path.slice(API.length),
        revocations,
        address,
      })
    })
  }
  addRootRoutes(app, parts)

  const methodsOf = (path: string) =>
    METHODS.filter((method) => app.router.match(method === 'HEAD' ? 'GET' : method, path)[0].length > 0)
  app.notFound((c) => {
    const methods = methodsOf(c.req.path)
    if (methods.length === 0) return problemResponse(new DeskbellError('not_found', 'There is nothing here.'))
    if (c.req.method === 'OPTIONS') return preflight(c.req.raw, core.identity.origins, methods)
    return methodNotAllowed(methods)
  })
  app.onError((error) => {
    if (error instanceof DatabaseFailure)
      core.log.error({ err: error.cause }, 'the database failed a request')
    else if (!(error instanceof DeskbellError)) core.log.error({ err: error }, 'a request failed')
    return problemResponse(DeskbellError.from(error))
  })

  return {
    addresses: app.routes.map(({ method, path }) => ({ method, path })),
    async fetch(request, context = {}) {
      const startedAt = performance.now()
      const base = baseFor(context, parts.basePath)
      const address = clientAddress(request.headers, context.remoteAddress ?? null, settings.trustProxy)
      const seen: Env['Bindings']['seen'] = { caller: null }
      const response = await app.fetch(request, { base, address, seen })
      const path = pathOf(request)
      finish(response, request, isApi(innerPath(path, base)), parts)
      const ms = Math.round(performance.now() - startedAt)
      const { method } = request
      core.log.debug(
        { method, path, status: response.status, ms, caller: seen.caller?.id ?? null },
        'request',
      )
      return response
    },
  }
}

const METHODS = ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE']

function addRootRoutes(app: Hono<Env>, { core, bus, metrics, admins }: HttpParts): void {
  const pages = openPages()
  app.get('/healthz', () => alive())
  app.get('/readyz', (c) => ready(core, bus, c.req.queries('exclude') ?? []))
  app.get('/metrics', () => metricsText(metrics))
  app.get('/widget.js', (c) => pages.widgetLoader(c.req.raw))
  app.get('/widget/:name', (c) => pages.widgetChunk(c.req.raw, c.req.param('name')))
  if (admins === null) return
  app.get('/admin', (c) => pages.dashboard(c.req.raw, ''))
  app.get('/admin/*', (c) => pages.dashboard(c.req.raw, c.req.path.slice('/admin/'.length)))
}

/** Asks who calls, checks what they send, and lets the route answer. */
async function answer(
  route: Route,
  call: Omit<Call<Access, unknown, unknown>, 'query' | 'body'>,
): Promise<Response> {
  if (route.access !== 'anyone' && call.caller === null) {
    throw new DeskbellError('unauthenticated', 'Please sign in.')
  }
  if (route.access === 'admin' && call.caller?.role !== 'admin') {
    throw new DeskbellError('forbidden', 'This is for the support team.')
  }
  const query = checked(route.query, queryOf(call.request))
  const body = route.body === null ? null : checked(route.body, await readJson(call.request))
  return await route.handle({ ...call, query, body })
}

function checked(schema: z.ZodType, input: unknown): unknown {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  throw new DeskbellError('invalid', complaint(result.error))
}

/** A query as an object. A name that comes twice is a list, which no schema takes for a text. */
function queryOf(request: Request): Record<string, string | string[]> {
  const { searchParams } = new URL(request.url)
  const query: Record<string, string | string[]> = Object.create(null)
  for (const name of new Set(searchParams.keys())) {
    const values = searchParams.getAll(name)
    query[name] = values.length === 1 ? (values[0] ?? '') : values
  }
  return query
}

function finish(response: Response, request: Request, isApiCall: boolean, { core }: HttpParts): void {
  response.headers.set('x-content-type-options', 'nosniff')
  if (!isApiCall) return
  if (!response.headers.has('cache-control')) response.headers.set('cache-control', 'no-store')
  response.headers.set('cross-origin-resource-policy', 'same-origin')
  response.headers.set(EPOCH_HEADER, core.epoch())
  if (request.method !== 'OPTIONS') allowOrigin(response, request, core.identity.origins)
}

/** A host's prefix takes the place of the base path, unless the base path lies below it. */
function baseFor({ base }: HttpContext, basePath: string): string {
  return base === undefined || basePath.startsWith(`${base}/`) ? basePath : base
}

function pathOf(request: Request): string {
  return new URL(request.url).pathname
}

function baseOf(options: { env?: Env['Bindings'] } | undefined): string {
  return options?.env?.base ?? ''
}
