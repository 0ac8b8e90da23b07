import { z } from 'zod'

export const name = z.string().min(1).max(200)
/** Where a page of a list begins, and how long it is. */
export const before = z
  .string()
  .regex(/^[1-9]\d{0,17}$/)
  .optional()
export const limit = z.coerce.number().int().min(1).max(500).default(100)
