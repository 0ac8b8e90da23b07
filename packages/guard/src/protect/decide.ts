import type { Catalog, Table } from './catalog.ts'
import {
  isOwned,
  make,
  rootOf,
  undecided,
  type Decision,
  type Decisions,
  type Tenant,
} from './decision.ts'
import { isPolymorphic, plainly } from './names.ts'
import { nearest } from './nearest.ts'
import { besideTenant, impliedReferences, namesOf, type Names } from './references.ts'
import { follow, impliedPath, isBegun, own, ownColumn, path } from './ways.ts'

/** Finds for every table whose its rows are; what a plan says goes before what is found. */
export function decide(
  catalog: Catalog,
  tenant: Tenant,
  answers: Readonly<Record<string, string>> = {},
): Decisions {
  const decisions = new Map<number, Decision>()
  const names = namesOf(catalog)
  const roots = catalog.tables.filter(({ parents }) => parents.length === 0)
  const take = (decision: Decision | null) => {
    if (decision) decisions.set(decision.table.oid, decision)
    return decision !== null
  }
  for (const table of roots) {
    const answer = answers[table.id]
    if (answer !== undefined && answer !== undecided && !answer.endsWith('?'))
      take(answered(catalog, names, tenant, table, answer))
    else if (!isBegun(tenant, table)) take(ownColumn(tenant, table))
  }
  follow(roots, decisions, tenant, catalog)
  for (const table of roots) if (!decisions.has(table.oid)) take(ownColumn(tenant, table))
  for (const table of roots)
    if (!decisions.has(table.oid)) take(impliedPath(catalog, names, tenant, table, decisions))
  // What points at one of these is no table of everybody's either.
  follow(roots, decisions, tenant, catalog)
  for (const table of roots) if (!decisions.has(table.oid)) take(shared(catalog, table, decisions))
  for (const table of roots) doubt(catalog, decisions, decisions.get(table.oid)!)
  for (const table of catalog.tables) inherit(catalog, decisions, table)
  for (const decision of decisions.values()) decision.notes.push(...otherPaths(decision, decisions))
  return decisions
}

/** Nothing in it leads to a tenant. Where a tenant's rows point at it, it may hold theirs all the same. */
function shared(catalog: Catalog, table: Table, decisions: Decisions): Decision {
  const pointing = catalog.tables.filter(
    (one) =>
      isOwned(decisions.get(one.oid)) && one.references.some(({ target }) => target === table.oid),
  )
  const twin = catalog.tables.find(
    (one) => one !== table && one.name === table.name && isOwned(decisions.get(one.oid)),
  )
  if (twin) {
    return make(table, 'closed', {
      asked: true,
      why: `it is called as ${twin.id} is and leads to no tenant: it may be a copy`,
    })
  }
  const said = pointing
    .slice(0, 3)
    .map(({ id }) => id)
    .join(', ')
  const signs = signsOfWriting(table)
  if (signs.length > 0) {
    const why = `nothing in it leads to a tenant, and the app seems to write it: ${signs.join('; ')}`
    return make(table, 'open', { said: undecided, asked: true, why })
  }
  const why = 'nothing in it leads to a tenant: it may be shared by all'
  const more = said === '' ? '' : `, or hold what is of one tenant: ${said} point at it`
  const loss = table.written
    ? '; WARNING: grants let the app write it, and it then may no more'
    : ''
  return make(table, 'shared', { asked: true, why: why + more + loss })
}

/** More rows than those that are written once for all to read. */
const many = 1000

/** What an app writes as it goes is hardly everybody's; one sign alone, as a right, says little. */
function signsOfWriting(table: Table): string[] {
  const polymorphic = table.columns.find(({ name }) => isPolymorphic(table, name))
  const stamp = table.columns.find(({ name }) =>
    /^(?:created|inserted|updated)(?:at|on)?$/.test(plainly(name)),
  )
  const counted = table.columns.find((one) => one.counted)
  const weak = [
    ...(table.written ? ['grants let it be written'] : []),
    ...(counted ? [`its ${counted.name} is counted up`] : []),
    ...(stamp ? [`it has ${stamp.name}`] : []),
  ]
  return [
    ...(polymorphic ? [`its ${polymorphic.name} points at rows of several tables`] : []),
    ...(table.rows > many && table.references.length === 0
      ? [`it has about ${Math.round(table.rows)} rows`]
      : []),
    ...(weak.length > 1 ? weak : []),
  ]
}

/** What a plan says of a table. */
function answered(
  catalog: Catalog,
  names: Names,
  tenant: Tenant,
  table: Table,
  answer: string,
): Decision {
  const why = 'the plan says so'
  if (answer === 'shared') return make(table, 'shared', { why })
  if (answer === 'shared and written') return make(table, 'written', { said: answer, why })
  if (answer === 'closed') return make(table, 'closed', { why })
  const column = table.columns.find(({ name }) => answer === `own ${name}`)
  if (column) {
    const kind = table.oid === tenant.table?.oid ? 'tenant' : 'own'
    return own(
      tenant,
      table,
      column.name,
      kind,
      `its ${column.name} names the tenant, as the plan says`,
    )
  }
  const known = [
    ...table.references.map((key) => besideTenant(tenant, key)),
    ...impliedReferences(names, table),
  ]
  const by = known.find(({ columns }) => answer === `through ${columns.join(', ')}`)
  if (by) {
    const found = path(tenant, table, by, catalog, new Map())
    return { ...found, why: `${found.why}, as the plan says` }
  }
  const ways = [
    ...table.columns.map(({ name }) => `own ${name}`),
    ...known.map(({ columns }) => `through ${columns.join(', ')}`),
  ]
  const near = nearest(answer, ways)
  const hint = near === null ? '' : `did you mean ${near}? `
  const fix = `${hint}say own COLUMN, through COLUMN, shared, shared and written, or closed`
  return make(table, 'open', {
    said: answer,
    asked: true,
    why: `its plan "${answer}" names nothing it has: ${fix}`,
  })
}

/** A path must end at a tenant: a plan may lead it elsewhere, or round in a ring. */
function doubt(catalog: Catalog, decisions: Map<number, Decision>, decision: Decision): void {
  const passed = new Set<number>()
  for (let at: Decision | undefined = decision; at?.kind === 'path';) {
    const target: Decision | undefined = decisions.get(rootOf(catalog, at.by!.target))
    passed.add(at.table.oid)
    if (isOwned(target) && !passed.has(target.table.oid)) at = target
    else {
      const why = `${decision.said} leads to no tenant: say another way, or what else it is`
      decisions.set(decision.table.oid, { ...decision, kind: 'open', asked: true, why })
      return
    }
  }
}

/** A partition or heir is whose the table above it is. */
function inherit(catalog: Catalog, decisions: Map<number, Decision>, table: Table): void {
  const root = decisions.get(rootOf(catalog, table.oid))
  if (table.parents.length === 0 || !root) return
  const kind = isOwned(root) ? 'part' : root.kind
  decisions.set(table.oid, {
    ...root,
    table,
    kind,
    why: `it is part of ${root.table.id}`,
    notes: [],
  })
}

/** Other ways to a tenant, which may lead to another one. */
function otherPaths({ table, kind, by, column }: Decision, decisions: Decisions): string[] {
  if (kind !== 'path') return []
  const others = table.references.filter(
    (one) =>
      one !== by?.key &&
      one.target !== table.oid &&
      !one.columns.includes(column!) &&
      isOwned(decisions.get(one.target)),
  )
  const said = others.map(({ columns }) => columns.join(', '))
  return said.length > 0
    ? [`by ${said.join('; ')} it leads to a tenant too: rows where they disagree are counted`]
    : []
}
