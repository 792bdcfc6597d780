import * as z from 'zod'
import type { Caller } from '../identity/caller.ts'

/** What a host may tell of a request beside the request itself. */
export interface HttpContext {
  /** The path under which the host mounted the desk, where that is not the desk's `basePath`. */
  base?: string | undefined
  /** The address of the peer; rules that need one do without where it is not known. */
  remoteAddress?: string | undefined
}

/** Who may call: anyone at all, anyone with an identity, or admins. */
export type Access = 'anyone' | 'person' | 'admin'

/** One call with everything checked: what a handler gets. */
export interface Call<A extends Access, Q, B> {
  request: Request
  caller: A extends 'anyone' ? null : Caller
  params: Readonly<Record<string, string>>
  query: Q
  body: B
  /** The absolute path by which the caller reached this route, for links. */
  path: string
  /** How often someone had been revoked when the caller was looked up. */
  revocations: number
  /** Where the request came from, if that is known. */
  address: string | null
}

/** An answer that the documentation promises. */
export interface Answer {
  description: string
  schema?: z.ZodType
  contentType?: string
}

interface Spec<A extends Access, Q extends z.ZodType, B extends z.ZodType> {
  method: 'get' | 'post' | 'patch' | 'delete'
  /** With `:id` for parameters, below the desk's base path. */
  path: string
  access: A
  summary: string
  query?: Q
  body?: B
  answers: Readonly<Record<number, Answer>>
  handle(call: Call<A, z.output<Q>, z.output<B>>): Promise<Response> | Response
}

/** A route as the app, its documentation and its tests see it. */
export interface Route {
  readonly method: 'get' | 'post' | 'patch' | 'delete'
  readonly path: string
  readonly access: Access
  readonly summary: string
  readonly query: z.ZodType
  readonly body: z.ZodType | null
  readonly answers: Readonly<Record<number, Answer>>
  handle(call: Call<Access, unknown, unknown>): Promise<Response> | Response
}

const NO_QUERY = z.strictObject({})

/** Describes one route; the schemas that check its input are the ones that document it. */
export function route<
  A extends Access,
  Q extends z.ZodType = typeof NO_QUERY,
  B extends z.ZodType = z.ZodNull,
>(spec: Spec<A, Q, B>): Route {
  return {
    method: spec.method,
    path: spec.path,
    access: spec.access,
    summary: spec.summary,
    query: spec.query ?? NO_QUERY,
    body: spec.body ?? null,
    answers: spec.answers,
    // The app hands over what these very schemas returned, and a caller where `access` asks for one.
    handle: (call) => spec.handle(call as Call<A, z.output<Q>, z.output<B>>),
  }
}

/** Header fields; pairs where a name comes more than once. */
type HeaderFields = Record<string, string> | [string, string][]

/** Answers with JSON. */
export function json(value: unknown, status: number, headers: HeaderFields = {}): Response {
  const bytes = Buffer.from(JSON.stringify(value))
  const answer = new Response(bytes, { status, headers })
  answer.headers.set('content-type', 'application/json; charset=utf-8')
  answer.headers.set('content-length', String(bytes.byteLength))
  return answer
}

/** Answers that there is nothing to say. */
export function noContent(headers: HeaderFields = {}): Response {
  return new Response(null, { status: 204, headers })
}

/** Cookies as headers. */
export function cookieHeaders(cookies: readonly string[]): [string, string][] {
  return cookies.map((cookie) => ['set-cookie', cookie])
}

/** Where the next page of this listing is (RFC 8288), as headers. */
export function nextPage(
  path: string,
  query: Record<string, string | number> | null,
): Record<string, string> {
  if (query === null) return {}
  const search = new URLSearchParams(
    Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
  )
  return { link: `<${path}?${search}>; rel="next"` }
}
