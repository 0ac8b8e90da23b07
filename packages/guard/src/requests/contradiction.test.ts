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
    ['body tenantId', (tenant) => ({ body: { where: { tenantId: { equals: tenant } } } })],
    ['body tenantId', (tenant) => ({ body: { tenantId: [[tenant]] } })],
    ['body tenant', (tenant) => ({ body: { tenant: { uuid: tenant } } })],
    ['body tenant', (tenant) => ({ body: { tenant: { connect: [{ id: { $in: [tenant] } }] } } })],
    ['query tenant_id', (tenant) => ({ query: query(`tenant_id={${tenant}}`) })],
    ['query tenant_id', (tenant) => ({ query: query(`tenant_id=${own},${tenant}`) })],
    ['query tenant_id', (tenant) => ({ query: query(`tenant_id=${tenant.replaceAll('-', '')}`) })],
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

  it.each([
    { columns: { tenant: true } },
    { include: { tenant: { take: 10 } } },
    { errors: { tenant_id: 'is required' } },
    { schema: { properties: { tenant_id: { type: 'string', example: other } } } },
    { tenant: { id: own, name: 'Other Ltd', contact: { id: other } } },
    { tenant: 'Other Ltd', 'filter[tenant.name]': 'x', 'fields[tenant]': 'name' },
  ])('is none where a body tells something else of it: %j', (body) => {
    expect(find({ body })).toBeNull()
    expect(find({ body: [body, { tenant_id: other }] })).toBe('body tenant_id')
  })

  it('is none where a query asks for what belongs to it', () => {
    expect(
      find({ query: query(`fields[tenant]=name&sort=tenant&filter[tenant.name]=x`) }),
    ).toBeNull()
    expect(find({ query: query(`fields[tenant]=name&filter[tenant.id]=${other}`) })).toBe(
      'query filter[tenant.id]',
    )
  })

  it('is of digits where the own is, and any word where it is none of both', () => {
    const at = (tenant: string, body: unknown) =>
      findContradiction(tenant, names, { ...nothing, body })
    const told = { columns: { tenant: true }, tenant: { seats: 10, name: '12' }, tenant_id: 'x' }
    expect(at('7', told)).toBeNull()
    expect(at('7', { tenant: { id: 8 } })).toBe('body tenant')
    expect(at('7', { tenant_id: '7, 8' })).toBe('body tenant_id')
    expect(
      at('acme', { tenant: { name: 'Other', id: 'acme' }, columns: { tenant: true } }),
    ).toBeNull()
    expect(at('acme', { tenant: { id: 'other' } })).toBe('body tenant')
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
      `${'{"a":['.repeat(depth)}{"tenant_id":"${other}"}${']}'.repeat(depth)}`,
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
