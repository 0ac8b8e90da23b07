import { z } from 'zod'
import { operation } from '../../foundation/operation.ts'
import { keepRoutes, reviewApi, showRoutes } from './reviews.ts'

const system = z.string().min(1).max(100)
const digest = z.string().regex(/^[0-9a-f]{64}$/)
const route = z.object({
  method: z.string().max(2000),
  path: z.string().max(2000),
  action: z.string().max(2000).nullable(),
  public: z.boolean(),
})
const review = z.object({
  id: z.string(),
  digest: z.string(),
  at: z.string(),
  day: z.string(),
  by: z.string(),
})

/** The operations on the routes of an app, and on who reviewed them. */
export const reviewOperations = {
  showRoutes: operation({
    action: 'access.show-routes',
    says: 'The routes of a service as its guard told them last, and what was reviewed of it',
    input: z.strictObject({ service: system }),
    output: z.object({
      digest: z.string(),
      routes: z.array(route),
      seenAt: z.string(),
      review: review.nullable(),
    }),
    run: (tx, { service }) => showRoutes(tx, service),
  }),

  reviewApi: operation({
    action: 'access.review-api',
    says: 'Notes that a person reviewed who may reach each route of a list, which is named by its digest',
    input: z.strictObject({ service: system, digest }),
    output: z.object({ review: z.string(), routes: z.number(), day: z.string() }),
    entry: (input, { review: id, routes }) => ({ ...input, review: id, routes }),
    run: reviewApi,
  }),

  keepRoutes: operation({
    action: 'access.keep-routes',
    says: 'Keeps the routes that a collector saw, for people to review',
    input: z.strictObject({ service: system, routes: z.array(route).max(20_000) }),
    output: z.object({
      digest: z.string(),
      review: review.extend({ routes: z.array(route) }).nullable(),
    }),
    run: keepRoutes,
  }),
}
