import type { Rule } from './rule.ts'

export const tenancyRules: readonly Rule[] = [
  { proof: 'tenancy.shared', words: 'shared ~customer|data|customer_data', near: 18, joins: true },
  {
    proof: 'tenancy.shared',
    words: 'dedicated ~shared',
    denial: 'needed',
    bare: true,
    give: { dedicated: 'none' },
    joins: true,
    over: 'tenancy.dedicated',
  },
  {
    proof: 'tenancy.shared',
    words:
      '"dedicated clusters"|"dedicated databases"|"dedicated instances"|"single tenant"|"single tenant deployments"|"dedicated installations" offer|"do"|"sell"|"have"',
    not: '"yet"|"only"',
    denial: 'needed',
    give: { dedicated: 'none' },
    joins: true,
    over: 'tenancy.dedicated',
    near: 8,
  },
  {
    proof: 'tenancy.shared',
    words: '"share" customer database|"cluster"',
    not: 'third_party "responsibility"',
    near: 14,
  },
  {
    proof: 'tenancy.shared',
    words:
      '"physical segregation"|"new database cluster"|"segregate customers physically"|"physically separate" ~customer',
    denial: 'needed',
    give: { dedicated: 'none' },
    over: 'tenancy.segregated tenancy.isolated tenancy.dedicated',
  },
  {
    proof: 'tenancy.dedicated',
    words: 'dedicated offer|customer|"enterprise"|"plan"|"each"|"request"',
    not: '"team"',
    modal: true,
    over: 'tenancy.segregated',
  },
  {
    proof: 'tenancy.dedicated',
    words: '"this service"|"one of their own"|"one of its own" offer ~dedicated|shared',
    modal: true,
    over: 'tenancy.shared',
  },
  {
    proof: 'tenancy.segregated',
    words: 'isolate data|customer|customer_data logical|database',
    not: 'environment network',
    take: { by: 'keys' },
  },
  {
    proof: 'tenancy.segregated',
    words:
      'isolate|"keyed"|"filtered"|"column"|"scoped"|"apart"|"carry"|"carries"|"tagged"|"stamped"|"bear"|"labelled"|"row level security" @customerKeys|@ownKey|"customer id"|"school id"|"client number"|"account number"|"customer number"|"client identifier"',
    take: { by: 'keys' },
  },
  {
    proof: 'tenancy.segregated',
    words: '"row level security" isolate|customer|data',
    take: { by: 'keys' },
  },
]
