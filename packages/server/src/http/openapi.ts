import * as z from 'zod'
import { type Access, type Answer, json, type Route, route } from './route.ts'
import { problem, SHAPES } from './shapes.ts'

type Json = Record<string, unknown>

const ACCESS: Record<Access, string> = {
  anyone: 'Needs no sign-in.',
  person: 'For a signed-in user or a visitor.',
  admin: 'For admins.',
}
const SECURITY: Json[] = [{ token: [] }, { session: [] }]
/** Where the shapes of the registry stand in the document. */
const COMPONENTS = '#/components/schemas/'

const PATH = '/openapi.json'

/** The route that documents `routes`, itself among them. */
export function documentRoute(routes: readonly Route[], title: string): Route {
  return route({
    method: 'get',
    path: PATH,
    access: 'anyone',
    summary: 'This document',
    answers: { 200: { description: 'OpenAPI 3.1', schema: z.looseObject({ openapi: z.string() }) } },
    handle: ({ path }) => json(openApiDocument(routes, { base: path.slice(0, -PATH.length), title }), 200),
  })
}

/** The API as OpenAPI 3.1, made of the very schemas that check its input. */
function openApiDocument(routes: readonly Route[], desk: { base: string; title: string }): Json {
  const paths: Record<string, Json> = {}
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method]: operation(route) }
  }
  return {
    openapi: '3.1.1',
    info: {
      title: `${desk.title} support chat`,
      version: '1',
      description: 'Wherever `support_chat` stands in a path, `support-chat` is accepted, too.',
    },
    servers: [{ url: desk.base === '' ? '/' : desk.base }],
    paths,
    components: {
      schemas: shapes(),
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        session: { type: 'apiKey', in: 'cookie', name: 'deskbell.session_token' },
      },
    },
  }
}

function operation(route: Route): Json {
  const parameters = [...pathParameters(route.path), ...queryParameters(route.query)]
  return {
    operationId: operationId(route),
    summary: route.summary,
    description: ACCESS[route.access],
    security: route.access === 'anyone' ? [] : SECURITY,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(route.body === null ? {} : { requestBody: requestBody(route.body) }),
    responses: {
      ...Object.fromEntries(
        Object.entries(route.answers).map(([status, answer]) => [status, answered(answer)]),
      ),
      default: {
        description: 'What went wrong (RFC 9457)',
        content: { 'application/problem+json': { schema: jsonSchema(problem) } },
      },
    },
  }
}

function requestBody(body: z.ZodType): Json {
  return {
    required: !body.safeParse({}).success,
    content: { 'application/json': { schema: jsonSchema(body) } },
  }
}

function answered({ description, schema, contentType }: Answer): Json {
  if (schema !== undefined)
    return { description, content: { 'application/json': { schema: jsonSchema(schema) } } }
  if (contentType !== undefined)
    return { description, content: { [contentType]: { schema: { type: 'string' } } } }
  return { description }
}

function pathParameters(path: string): Json[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
}

function queryParameters(query: z.ZodType): Json[] {
  const { properties = {}, required = [] } = jsonSchema(query) as {
    properties?: Record<string, Json>
    required?: string[]
  }
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }))
}

function operationId({ method, path }: Route): string {
  const words = path.split(/[/_-]/).filter((word) => word !== '')
  return [method, ...words.map((word) => word.replace(/^:/, 'by_'))].join('_')
}

/** What a schema takes, as JSON Schema; named shapes are referred to. */
function jsonSchema(schema: z.ZodType): Json {
  const { $schema, $defs, ...own } = z.toJSONSchema(schema, { io: 'input', metadata: SHAPES })
  return pointToComponents(own)
}

function shapes(): Json {
  const { schemas } = z.toJSONSchema(SHAPES, { io: 'input', uri: (id) => COMPONENTS + id })
  return Object.fromEntries(
    Object.entries(schemas).map(([name, { $schema, $id, ...shape }]) => [name, shape as Json]),
  )
}

function pointToComponents(schema: Json): Json {
  const text = JSON.stringify(schema).replaceAll('"$ref":"#/$defs/', `"$ref":"${COMPONENTS}`)
  return JSON.parse(text) as Json
}
