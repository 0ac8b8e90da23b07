import type { Rule } from './rule.ts'

export const isolationRules: readonly Rule[] = [
  {
    proof: 'tenancy.isolated',
    words: 'access|"fetch"|"change"|"modify"|"alter"|"leak"|"mix" other_customer',
    not: 'consent share "company data"',
    denial: 'needed',
  },
  {
    proof: 'tenancy.isolated',
    words: 'prevent|"only"|"keep any" access|"fetch" other_customer',
    not: 'consent "share with"',
    denial: 'allowed',
  },
  {
    proof: 'tenancy.isolated',
    words:
      '"fetch"|access|"return" data "only"|"pertaining"|"that one" customer "nobody else"|"of nobody else"|"no one else"',
    denial: 'allowed',
  },
  {
    proof: 'tenancy.authorized',
    words: 'authz each_request',
    not: '"change request" "token"',
    over: 'access.approval',
    near: 22,
  },
  {
    proof: 'tenancy.authorized',
    words:
      'each_request "checked"|"validated"|"verified"|"verify"|"evaluated"|"enforced"|"decided" "authorization"|authz|"authorization service"|"permission"|"policy"',
    over: 'access.approval',
    near: 24,
  },
  {
    proof: 'tenancy.authorized',
    words:
      'each_request "permission service"|"permissions service"|"authorization service"|"access service"|"policy engine"',
    not: '"change request" "token"',
    over: 'access.approval',
    near: 14,
  },
  {
    proof: 'api.inventory',
    words:
      'rest_api "based"|"built"|"base of"|"=documented"|"described"|"every endpoint"|"match"|"listed"|"every route"',
    not: '"available at"',
    near: 16,
  },
  {
    proof: 'api.inventory',
    words:
      '"api description"|"api documentation"|"openapi"|"openapi description"|"api reference"|"api document"|"api specification" "complete"|"every route"|"every endpoint"|"all routes"|"all endpoints"|"no route"|"no endpoint"|"each endpoint"|"each route"',
    denial: 'allowed',
    near: 12,
  },
  {
    proof: 'api.reviewed',
    words: '^api review ^access|"secured"|authz|"permission"',
    not: 'code key each_request',
    take: { every: 'frequency' },
  },
  {
    proof: 'clusters.reviewed',
    words: '"new database cluster"|"new cluster"|"cluster is created" review @regionNames',
    not: '"takes place"|"take place"|"meeting"|"held in"',
    take: { regions: 'regions' },
    need: 'regions',
    over: 'residency',
    near: 40,
  },
  {
    proof: 'clusters.reviewed',
    words:
      '~"new database cluster"|"new cluster" ~review "sits in"|"located"|"lies in"|"it is in"|"must be in"|"only in"|"created in"|"only be" @regionNames',
    take: { regions: 'regions' },
    need: 'regions',
    over: 'residency',
  },
  {
    proof: 'residency',
    words: 'hosted @regionNames',
    not: '"goes down" "is lost" "burns down" "move to" "started in" backup copies contingency failover leaver "office" "headquarters" "team" "visit"|"visited" "customers in" subprocessor "copy" "copies" "standby" "replica" review vendor',
    take: { regions: 'regions', provider: 'names hostNames' },
    need: 'regions',
  },
  {
    proof: 'residency',
    words: 'located ^hosted_things @regionNames',
    not: '"goes down" "is lost" "burns down" "move to" "started in" backup copies contingency failover "office" "headquarters" "team" "based in" subprocessor "copy" "copies" "standby" "replica" review vendor',
    take: { regions: 'regions', provider: 'names hostNames' },
    need: 'regions',
    near: 34,
  },
  {
    proof: 'residency',
    words: '~hosted|hosted_things|"regions"|"location" @regionNames',
    not: 'backup copies contingency failover "office" "headquarters" "team" "based in" subprocessor vendor "copy" staff review zones',
    bare: true,
    provider: true,
    take: { regions: 'regions', provider: 'names hostNames' },
    need: 'regions',
  },
  {
    proof: 'residency.processors',
    words:
      '^subprocessor|vendor|"processors"|"of them"|"service providers"|"suppliers" "all"|"each"|"every"|"none"|"only"|"=sub-processors"|"=subprocessors"|"=processors"|"=suppliers"|"=providers" located|"keep"|"process"|"store"|"stay" @regionNames',
    not: 'backup "new" "notify" "assess"',
    take: { regions: 'regions' },
    need: 'regions',
    over: 'residency',
  },
  {
    proof: 'residency.processors',
    words: 'data|customer_data located @regionNames',
    not: 'backup copies "copy"',
    take: { regions: 'regions-throughout' },
    need: 'regions',
    over: 'residency',
    near: 16,
  },
  {
    proof: 'residency.processors',
    words:
      '"leave"|"leaves"|"leaving" "the country"|"that country"|"this country"|"the region" ~@regionNames',
    denial: 'needed',
    take: { regions: 'regions-before' },
    need: 'regions',
  },
  {
    proof: 'residency',
    words: 'hosted|located|"keep"|"held" "outside" @regionNames',
    not: 'laptop backup subprocessor vendor staff',
    denial: 'needed',
    take: { regions: 'bounds' },
    need: 'regions',
    joins: true,
  },
  {
    proof: 'residency.processors',
    words: 'hosted|located|"keep"|"held" "outside" @regionNames',
    not: 'laptop backup staff',
    denial: 'needed',
    take: { regions: 'bounds' },
    need: 'regions',
    joins: true,
  },
  {
    proof: 'residency.processors',
    words: '"leave"|"outside"|"leaving" @regionNames',
    not: 'laptop hosted|located|"keep"|"held"',
    denial: 'needed',
    take: { regions: 'bounds' },
    need: 'regions',
    over: 'residency',
  },
]
