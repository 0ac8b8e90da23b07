import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findContradiction, normalise, usualNames, type Places } from './contradiction.ts'

const names = new Set(usualNames.map(normalise))
const own = '6f1c0b9e-8a52-4c1b-9d3e-2f5a7b8c9d0e'
const other = '00000000-8a52-4c1b-9d3e-2f5a7b8c9d0e'
const nothing: Places = { headers: [], query: [], params: {}, body: undefined }
const find = (places: Partial<Places>) => findContradiction(own, names, { ...nothing, ...places })
const query = (text: string) => new URLSearchParams(text)

describe('a tenant that the client names', () => {
  const places: [string, (tenant: string) => Partial<Places>][] = [
    ['header X-Tenant-Id', (tenant) => ({ headers: [['X-Tenant-Id', tenant]] })],
    ['header tenant', (tenant) => ({ headers: [['tenant', tenant]] })],
    ['query tenant_id', (tenant) => ({ query: query(`a=1&tenant_id=${tenant}`) })],
    [
      'query tenant_id[]',
      (tenant) => ({ query: query(`tenant_id[]=${own}&tenant_id[]=${tenant}`) }),
    ],
    ['query filter[tenantId]', (tenant) => ({ query: query(`filter[tenantId]=${tenant}`) })],
    ['query tenant_id[eq]', (tenant) => ({ query: query(`tenant_id[eq]=${tenant}`) })],
    ['path tenantId', (tenant) => ({ params: { tenantId: tenant } })],
    ['body tenant_id', (tenant) => ({ body: { tenant_id: tenant } })],
    ['body tenantId', (tenant) => ({ body: [{ a: { tenantId: tenant } }] })],
    ['body tenant', (tenant) => ({ body: { tenant: { id: tenant, name: 'Other' } } })],
    ['body tenant_id', (tenant) => ({ body: { tenant_id: [own, tenant] } })],
    ['body filter[tenant_id]', (tenant) => ({ body: { 'filter[tenant_id]': tenant } })],
  ]

  it.each(places)('%s contradicts when it is another, and not when it is the own', (where, at) => {
    expect(find(at(other))).toBe(where)
    expect(find(at(own))).toBeNull()
    expect(find(at(own.toUpperCase()))).toBeNull()
  })

  it('is none where nothing is named', () => {
    expect(find({ body: { tenant_id: null, tenant: '', name: other, tenants: 3 } })).toBeNull()
    expect(find({ query: query(`invoice=${other}`), params: { id: other } })).toBeNull()
    expect(find({ body: Buffer.from(`{"tenant_id":"${other}"}`) })).toBeNull()
  })

  it('is compared to the letter where it is no UUID', () => {
    const at = { ...nothing, body: { tenant_id: 'Acme' } }
    expect(findContradiction('acme', names, at)).toBe('body tenant_id')
    expect(findContradiction('Acme', names, at)).toBeNull()
    expect(findContradiction('7', names, { ...nothing, body: { tenant_id: 7 } })).toBeNull()
    expect(findContradiction('7', names, { ...nothing, body: { tenant_id: 8 } })).toBe(
      'body tenant_id',
    )
  })

  it('is told in words that any record can hold', () => {
    expect(find({ body: { 'tenant\0\ud800 id': other } })).toBe('body tenantid')
    expect(find({ body: { [`tenant${'-'.repeat(1e6)}`]: other } })).toHaveLength(105)
  })

  it('is found at any depth', () => {
    const depth = 200_000
    const body: unknown = JSON.parse(
      `${'{"a":['.repeat(depth)}{"tenant_id":"x"}${']}'.repeat(depth)}`,
    )
    expect(find({ body })).toBe('body tenant_id')
    expect(
      find({ body: JSON.parse(`{"tenant_id":${'['.repeat(depth)}${']'.repeat(depth)}}`) }),
    ).toBeNull()
  })

  it('is found in any JSON that names it, and only there', () => {
    const json = fc.jsonValue({ maxDepth: 4 })
    fc.assert(
      fc.property(json, fc.boolean(), (value, named) => {
        const text = JSON.stringify(value).replaceAll(/tenant/gi, 'x')
        const rest: unknown = JSON.parse(text)
        const body = named ? [rest, { deep: [{ 'Tenant-ID': other }, rest] }] : [rest]
        expect(find({ body }) !== null).toBe(named)
      }),
      { numRuns: 200, seed: 20_261_130 },
    )
  })
})
