/** The API of the app as its customers read it: OpenAPI 3.1. */
const id = { type: 'string', format: 'uuid' }
const parameter = (name: string) => ({ name, in: 'path', required: true, schema: id })
const body = (properties: Record<string, object>) => ({
  required: true,
  content: {
    'application/json': {
      schema: { type: 'object', required: Object.keys(properties), properties },
    },
  },
})
const said = (operationId: string, summary: string, more: object = {}) => ({
  operationId,
  summary,
  responses: { '200': { description: 'done' }, '404': { description: 'there is no such thing' } },
  ...more,
})

export const document = {
  openapi: '3.1.0',
  info: { title: 'Invoices', version: '1' },
  security: [{ token: [] }],
  components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
  paths: {
    '/': { get: said('about', 'What this is', { security: [] }) },
    '/customers': {
      get: said('customers.list', 'Your customers'),
      post: said('customers.create', 'Add a customer', {
        requestBody: body({ name: { type: 'string', maxLength: 200 } }),
      }),
    },
    '/customers/{customer}': {
      parameters: [parameter('customer')],
      get: said('customers.read', 'A customer'),
      delete: said('customers.delete', 'Remove a customer'),
    },
    '/invoices': {
      get: said('invoices.list', 'Your invoices', {
        parameters: [
          { name: 'paid', in: 'query', schema: { type: 'boolean' } },
          { name: 'customer', in: 'query', schema: id },
        ],
      }),
      post: said('invoices.create', 'Write an invoice', {
        requestBody: body({
          customer: id,
          number: { type: 'string', maxLength: 40 },
          amount_cents: { type: 'integer', minimum: 1 },
        }),
      }),
    },
    '/invoices/{invoice}': {
      parameters: [parameter('invoice')],
      get: said('invoices.read', 'An invoice'),
      delete: said('invoices.delete', 'Withdraw an invoice'),
    },
    '/invoices/{invoice}/pay': {
      parameters: [parameter('invoice')],
      put: said('invoices.pay', 'Mark an invoice as paid'),
    },
    '/invoices.csv': { get: said('invoices.export', 'All invoices as a table') },
  },
}
