import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compare, documentedRoutes, fillings, isPlain } from './documented.ts'

const served = (method: string, path: string) => ({ method, path, action: 'a', public: false })
const said = (method: string, path: string) => ({ method, path })

describe('a route that is served and one that is documented', () => {
  it.each([
    ['/invoices/:id', '/invoices/{id}'],
    ['/invoices/:invoiceId', '/invoices/{id}'],
    ['/invoices/:id(\\d+)', '/invoices/{id}'],
    ['/invoices/:id{[0-9]+}', '/invoices/{id}'],
    ['/invoices/:id.pdf', '/invoices/{id}.pdf'],
    ['/files/*', '/files/{path}'],
    ['/files/*path', '/files/{path}'],
    ['/files/{*path}', '/files/{path}'],
    ['/invoices/', '/invoices'],
    ['/', '/'],
  ])('are one: %s and %s', (one, other) => {
    const { undocumented, unserved } = compare([served('GET', one)], [said('GET', other)])
    expect({ undocumented, unserved }).toEqual({ undocumented: [], unserved: [] })
  })

  it.each([
    [served('GET', '/invoices/:id'), said('GET', '/invoices')],
    [served('GET', '/invoices'), said('POST', '/invoices')],
    [served('GET', '/Invoices'), said('GET', '/invoices')],
    [served('ALL', '/invoices'), said('GET', '/invoices/{id}')],
  ])('are two: %j and %j', (one, other) => {
    const { undocumented, unserved } = compare([one], [other])
    expect([undocumented.length, unserved.length]).toEqual([1, 1])
  })

  it('may be of all methods, where the document has each', () => {
    const all = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].map((one) => said(one, '/x'))
    expect(compare([served('ALL', '/x')], all)).toEqual({ undocumented: [], unserved: [] })
    const { undocumented, unserved } = compare([served('ALL', '/x')], all.slice(1))
    expect({ undocumented, unserved }).toEqual({ undocumented: ['ALL /x'], unserved: [] })
  })

  it('are not asked for HEAD and OPTIONS', () => {
    const routes = [served('HEAD', '/x'), served('OPTIONS', '*')]
    expect(compare(routes, [])).toEqual({ undocumented: [], unserved: [] })
  })
})

describe('a document', () => {
  it('has what stands before all of its paths', () => {
    const servers = [{ url: 'https://api.example.com/v2/' }]
    const paths = { '/x': { get: {}, parameters: [], delete: {} } }
    const text = JSON.stringify({ openapi: '3.0.3', servers, paths })
    expect(documentedRoutes(text, 'there')).toEqual([said('GET', '/v2/x'), said('DELETE', '/v2/x')])
  })

  it.each(['', 'null', '{"openapi":"2.0","paths":{}}', '{"openapi":"3.1.0"}', '[]'])(
    'that is none ends the look: %s',
    (text) => {
      expect(() => documentedRoutes(text, 'there')).toThrow(/there is no OpenAPI document/)
    },
  )
})

describe('a path', () => {
  it('is filled with each id in each place, a bounded number of times', () => {
    expect(fillings('/a/:b/c/{d}', ['1', '2/3'])).toEqual([
      '/a/1/c/1',
      '/a/1/c/2%2F3',
      '/a/2%2F3/c/1',
      '/a/2%2F3/c/2%2F3',
    ])
    const ids = Array.from({ length: 40 }, (_, i) => `id${i}`)
    expect(fillings('/:a/:b/:c', ids)).toHaveLength(50)
    expect(fillings('/plain', [])).toEqual(['/plain'])
    expect([isPlain('/plain'), isPlain('/:a'), isPlain('^/x$')]).toEqual([true, false, false])
  })

  it('of any sort throws nothing, and leaves no parameter', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (path) => {
        for (const way of fillings(`/${path}/:id/{x}`, ['1'])) {
          expect(way).not.toMatch(/:id|\{x\}/)
        }
        compare([served('GET', path)], [said('GET', path)])
      }),
    )
  })
})
