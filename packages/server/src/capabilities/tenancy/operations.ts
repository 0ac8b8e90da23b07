import { z } from 'zod'
import { operation } from '../../foundation/operation.ts'
import { listClusters, registerCluster, reviewCluster } from './clusters.ts'
import { readRegister, tryElsewhere } from './register.ts'
import { addTenants, kinds, listTenants, removeTenant, showTenant } from './tenants.ts'

const nothing = z.strictObject({})
const word = z.string().min(1).max(100)
/** As the app's tables hold it. */
export const tenantId = z
  .string()
  .max(200)
  .regex(/^\P{C}+$/u, 'a tenant is named by letters, digits and signs, without control characters')
export const kind = z.enum(kinds)
const place = { cluster: word, provider: word, region: word }

const placed = z.object({
  tenant: z.string(),
  cluster: z.string(),
  kind,
  moving: z.string().nullable(),
  canary: z.boolean(),
})

/** The operations on clusters and on where tenants are. */
export const tenancyOperations = {
  reviewCluster: operation({
    action: 'tenancy.review-cluster',
    says: 'Notes that a person verified which cluster is to be created where',
    input: z.strictObject(place),
    output: z.object({ review: z.string() }),
    entry: (input, { review }) => ({ ...input, review }),
    run: async (tx, input) => ({ review: await reviewCluster(tx, input) }),
  }),

  registerCluster: operation({
    action: 'tenancy.register-cluster',
    says: 'Registers a cluster that was reviewed and created; outside the promised regions it is refused',
    input: z.strictObject({
      ...place,
      createdAt: z.iso.datetime({ offset: true }).optional(),
    }),
    output: z.object({ wasReviewed: z.boolean() }),
    entry: (input, output) => ({ ...input, createdAt: input.createdAt ?? null, ...output }),
    refusal: ({ cluster, provider, region }, { code }) =>
      code === 'outside-regions' || code === 'not-reviewed'
        ? { cluster, provider, region, refused: code }
        : null,
    async run(tx, { createdAt, ...input }) {
      const created = createdAt === undefined ? tx.now : Date.parse(createdAt)
      const { isReviewed } = await registerCluster(tx, { ...input, createdAt: created })
      return { wasReviewed: isReviewed }
    },
  }),

  listClusters: operation({
    action: 'tenancy.list-clusters',
    says: 'Every cluster that was reviewed or registered, and how many tenants are placed on it',
    input: nothing,
    output: z.object({
      clusters: z.array(
        z.object({
          ...place,
          state: z.enum(['reviewed', 'registered', 'gone']),
          createdAt: z.string().nullable(),
          reviewedAt: z.string(),
          reviewedBy: z.string(),
          wasReviewed: z.boolean(),
          shared: z.number(),
          dedicated: z.number(),
        }),
      ),
    }),
    run: async (tx) => ({ clusters: await listClusters(tx) }),
  }),

  addTenants: operation({
    action: 'tenancy.add-tenants',
    says: 'Places new tenants on a cluster, shared or dedicated',
    input: z.strictObject({
      tenants: z.array(tenantId).min(1).max(1000),
      cluster: word,
      kind: kind.default('shared'),
    }),
    output: z.object({ added: z.number(), handles: z.array(z.string()) }),
    entry: ({ cluster, kind: how }, { handles }) => ({ cluster, kind: how, tenants: handles }),
    refusal: ({ cluster, kind: how }, { code }) =>
      code === 'outside-regions' ? { cluster, kind: how, refused: code } : null,
    run: addTenants,
  }),

  removeTenant: operation({
    action: 'tenancy.remove-tenant',
    says: 'Forgets a tenant that is none any more, with the history of its placements',
    input: z.strictObject({ tenant: tenantId }),
    output: z.object({ handle: z.string() }),
    entry: (_, { handle }) => ({ tenant: handle }),
    run: async (tx, { tenant }) => ({ handle: await removeTenant(tx, tenant) }),
  }),

  listTenants: operation({
    action: 'tenancy.list-tenants',
    says: 'Where tenants are, in order of their ids; `next` is the `after` of the page that follows',
    input: z.strictObject({
      cluster: word.optional(),
      after: z.string().max(200).default(''),
      limit: z.coerce.number().int().min(1).max(1000).default(100),
    }),
    output: z.object({
      tenants: z.array(placed.extend({ since: z.string().nullable() })),
      next: z.string().nullable(),
    }),
    run: listTenants,
  }),

  showTenant: operation({
    action: 'tenancy.show-tenant',
    says: 'Where a tenant is and was',
    input: z.strictObject({ tenant: tenantId }),
    output: placed.extend({
      history: z.array(
        z.object({
          cluster: z.string(),
          kind,
          since: z.string(),
          until: z.string().nullable(),
          by: z.string(),
        }),
      ),
    }),
    run: (tx, { tenant }) => showTenant(tx, tenant),
  }),

  readRegister: operation({
    action: 'tenancy.read-register',
    says: 'What collectors hold the databases against: clusters, and where tenants are',
    input: nothing,
    output: z.object({
      clusters: z.array(z.object({ ...place, reviewed: z.boolean() })),
      placed: z.array(placed),
    }),
    run: readRegister,
  }),

  tryElsewhere: operation({
    action: 'tenancy.try-elsewhere',
    says: 'Tries whether a cluster outside the promised regions is refused; nothing of it stays',
    input: z.strictObject({ cluster: word }),
    output: z.object({ promises: z.number(), refused: z.boolean(), outside: z.boolean() }),
    run: (tx, { cluster }) => tryElsewhere(tx, cluster),
  }),
}
