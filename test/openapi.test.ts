import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, it } from 'vitest'
import { renderApiTypes } from '../scripts/api-types.ts'
import { renderApi } from '../scripts/openapi.ts'

const root = join(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')

describe('openapi.json', () => {
  it('is what the routes say', () => {
    expect(read('openapi.json'), 'npm run openapi writes it').toBe(renderApi())
  })

  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator()
    expect(await validator.validate(JSON.parse(read('openapi.json')))).toEqual({ valid: true })
    expect(validator.version).toBe('3.1')
  })

  it.each([
    ['a path without a slash', (api: Api) => (api.paths = { ping: {} })],
    ['a parameter in no known place', (api: Api) => (first(api).parameters[0]!.in = 'cellar')],
    ['a response without a description', (api: Api) => (first(api).responses = { 200: {} })],
  ])('would not be with %s', async (_, spoil) => {
    const api = JSON.parse(read('openapi.json')) as Api
    spoil(api)
    expect(await new Validator().validate(api)).toMatchObject({ valid: false })
  })

  it('is what the client’s types are made of', async () => {
    const types = await renderApiTypes(read('openapi.json'))
    expect(read('packages/client/src/api.ts'), 'npm run openapi writes it').toBe(types)
  })
})

interface Api {
  paths: Record<string, Record<string, { parameters: { in: string }[]; responses: object }>>
  [field: string]: unknown
}

function first({ paths }: Api) {
  return paths['/ledger/checkpoint']!['get']!
}
