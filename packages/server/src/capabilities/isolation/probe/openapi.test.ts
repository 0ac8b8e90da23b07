import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { system, Watch } from '../../../../test/looking.ts'
import {
  apiCanaries,
  apiDocument,
  apiFlaws,
  apiTokens,
  MadeApi,
} from '../../../../test/made-api.ts'
import { isolationCollector } from '../collect.ts'

let app: MadeApi
let address: string
beforeEach(async () => {
  app = new MadeApi()
  address = await app.start()
})
afterEach(() => app.stop())

const watch = () =>
  new Watch(isolationCollector, system({ type: 'service', address, secret: 'CANARIES' }))
const look = (watching: Watch, tokens: object = apiTokens) =>
  watching.look({ secrets: { CANARIES: JSON.stringify(tokens) } })

describe('an app with an OpenAPI document', () => {
  it.each(apiFlaws)('breaks when it %s, and is mended', async (flaw) => {
    const watching = watch()
    expect(await look(watching)).toEqual({
      outcome: 'pass',
      measured: { operations: 16, crossed: 0 },
    })
    expect(watching.verdict('tenancy.isolated')).toBe('kept')
    app.flaw = flaw
    const seen = await look(watching)
    expect(seen, seen.note).toMatchObject({ outcome: 'fail' })
    expect(seen.note, 'it tells no value').not.toMatch(/birch|elm|4711|8919|cust-|inv-/i)
    expect(watching.verdict('tenancy.isolated')).toBe('broken')
    app.flaw = null
    app.restore()
    expect(await look(watching)).toMatchObject({ outcome: 'pass' })
    expect(watching.verdict('tenancy.isolated')).toBe('kept')
  })

  it('is left as it was found', async () => {
    const before = structuredClone(app.invoices)
    await look(watch())
    expect(app.invoices).toEqual(before)
  })

  it('is tried without the lesser role where there are no tokens of one', async () => {
    const { a, b } = apiTokens
    app.flaw = 'deletes for the lesser role'
    expect(await look(watch(), { a, b })).toMatchObject({ outcome: 'pass' })
    expect(await look(watch())).toMatchObject({ outcome: 'fail' })
  })

  const { paths } = apiDocument
  it.each([
    ['no JSON', 'nonsense', /is no OpenAPI document/],
    ['an old version', { ...apiDocument, openapi: '2.0' }, /only OpenAPI 3/],
    [
      'a parameter that names nothing of the canaries',
      { ...apiDocument, paths: { ...paths, '/reports/{report}': { get: {} } } },
      /no object for \{report\} of GET \/reports\/\{report\}/,
    ],
    [
      'a reference outside itself',
      {
        ...apiDocument,
        paths: { ...paths, '/x': { post: { requestBody: { $ref: 'other.json#/x' } } } },
      },
      /refers to other\.json/,
    ],
    [
      'a file to be sent',
      {
        ...apiDocument,
        paths: {
          ...paths,
          '/files': {
            post: {
              operationId: 'sendFile',
              requestBody: { required: true, content: { 'multipart/form-data': {} } },
            },
          },
        },
      },
      /sendFile takes no JSON/,
    ],
    [
      'an object that nothing makes and something takes away',
      {
        ...apiDocument,
        paths: { ...paths, '/customers/{id}': { delete: { operationId: 'deleteCustomer' } } },
      },
      /nothing makes what deleteCustomer takes away/,
    ],
  ])('says what it cannot try: %s', async (_, document, why) => {
    app.document = document
    const seen = await look(watch())
    expect(seen).toMatchObject({ outcome: 'inconclusive', measured: {} })
    expect(seen.note).toMatch(why)
  })

  it('takes what the app itself says of an operation before what its document says', async () => {
    app.document = {
      ...apiDocument,
      paths: { ...paths, '/customers/{id}': { delete: { operationId: 'deleteCustomer' } } },
    }
    const deleteCustomer = {
      name: 'deleteCustomer',
      method: 'DELETE',
      path: '/v1/customers/{customer}',
      control: 'readCustomer',
    }
    app.canaries = { ...apiCanaries, operations: [deleteCustomer] }
    expect(await look(watch())).toMatchObject({ outcome: 'pass', measured: { operations: 18 } })
  })

  it('knows nothing when the lesser role is refused what it may do, or nobody says what that is', async () => {
    app.canaries = { ...apiCanaries, lesser: [...apiCanaries.lesser, 'exportInvoices'] }
    expect((await look(watch())).note).toMatch(/exportInvoices fails for the lesser role/)
    const { lesser: _, ...silent } = apiCanaries
    app.canaries = silent
    expect((await look(watch())).note).toMatch(/does not say at `lesser`/)
  })
})
