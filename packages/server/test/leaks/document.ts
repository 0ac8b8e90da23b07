/** Test support: the OpenAPI document of the operations. */
import type { Operation, Schema } from './operation.ts'

export function describe(operations: Record<string, Operation>): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const [id, operation] of Object.entries(operations)) {
    const { method, path, says, body, status = 200 } = operation
    const content = { 'application/json': { schema: body } }
    paths[path] = {
      ...paths[path],
      [method.toLowerCase()]: {
        operationId: id,
        summary: says,
        parameters: parametersOf(operation),
        ...(body ? { requestBody: { required: true, content } } : {}),
        responses: { [status]: { description: 'done' }, default: { description: 'refused' } },
      },
    }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Invoices of many companies', version: '1' },
    security: [{ bearer: [] }],
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    paths,
  }
}

function parametersOf({ path, query, headers }: Operation): object[] {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => ({
    name: match[1]!,
    in: 'path',
    required: true,
    schema: { type: 'string', format: 'uuid' },
  }))
  return [...inPath, ...toList('query', query), ...toList('header', headers)]
}

function toList(place: string, schemas: Record<string, Schema> = {}): object[] {
  return Object.entries(schemas).map(([name, schema]) => ({ name, in: place, schema }))
}
