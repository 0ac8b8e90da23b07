import { z } from 'zod'
import { failures } from './foundation/failure.ts'
import type { Authorization } from './authorization.ts'
import type { Route } from './foundation/operation.ts'

type Schema = Record<string, unknown>

/** The API as an OpenAPI 3.1 document: everything in it comes from the routes. */
export function describeApi(
  routes: readonly Route[],
  authorization: Pick<Authorization, 'admitted'>,
  version: string,
): Schema {
  const paths: Record<string, Record<string, Schema>> = {}
  for (const route of routes) {
    const path = route.path.replace('*', '{path}')
    ;(paths[path] ??= {})[route.method.toLowerCase()] = describeRoute(route, authorization)
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Kept',
      version,
      description:
        'A runner or person signs the request (HTTP message signatures, RFC 9421, Ed25519), a machine sends an API key as a bearer token, a browser the cookie of its session and, where it writes, the header Origin. x-actors says who may. Failures are problem details (RFC 9457).',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths,
    components: { schemas: { Problem: problem } },
  }
}

function describeRoute(
  { method, path, operation, document, challenge, status = 200 }: Route,
  authorization: Pick<Authorization, 'admitted'>,
): Schema {
  const { properties = {}, required = [] } = toSchema(operation.input, 'input') as {
    properties?: Record<string, Schema>
    required?: string[]
  }
  const inPath = [...path.matchAll(/\{(\w+)\}|(\*)/g)].map(([, name, star]) => name ?? star!)
  // What the server itself takes from headers is asked of nobody.
  const own = challenge ? ['challenge', ...(document ? ['agent'] : [])] : []
  const rest = Object.entries(properties).filter(([name]) => ![...inPath, ...own].includes(name))
  const isWrite = method !== 'GET'
  return {
    operationId: operation.action,
    summary: operation.says,
    'x-actors': authorization.admitted(operation),
    parameters: [
      ...inPath.map((name) => ({
        name: name === '*' ? 'path' : name,
        in: 'path',
        required: true,
        schema: properties[name] ?? { type: 'string' },
      })),
      ...(isWrite
        ? []
        : rest.map(([name, schema]) => ({
            name,
            in: 'query',
            required: required.includes(name),
            schema,
          }))),
      ...(operation.entry && !operation.secret
        ? [{ name: 'Idempotency-Key', in: 'header', required: false, schema: key }]
        : []),
    ],
    ...(isWrite && rest.length > 0
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: bodyOf(rest, required) } },
          },
        }
      : {}),
    responses: {
      [status]: document
        ? { description: 'The document', content: { '*/*': {} } }
        : {
            description: 'Done',
            content: { 'application/json': { schema: toSchema(operation.output, 'output') } },
          },
      default: {
        description: 'A refusal or failure',
        content: {
          'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
        },
      },
    },
  }
}

const key: Schema = { type: 'string', minLength: 1, maxLength: 200 }

function bodyOf(rest: readonly [string, Schema][], required: readonly string[]): Schema {
  const names = rest.map(([name]) => name).filter((name) => required.includes(name))
  return {
    type: 'object',
    properties: Object.fromEntries(rest),
    ...(names.length ? { required: names } : {}),
    additionalProperties: false,
  }
}

function toSchema(schema: z.ZodType, io: 'input' | 'output'): Schema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return rest
}

const problem: Schema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code'],
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string', enum: Object.keys(failures) },
    instance: { type: 'string' },
    fix: { type: 'string' },
    errors: { type: 'array', items: { type: 'string' } },
  },
}
