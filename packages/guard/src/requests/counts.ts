import { randomUUID } from 'node:crypto'

/** What one process has served since it started. Kept reads it to prove that each request was decided. */
export interface Totals {
  /** Each process has its own. */
  instance: string
  since: string
  /** Requests that reached the framework. */
  requests: number
  /** Decisions taken, whether allowed or not, and answers of public routes. */
  decided: number
  /** Answers with success to requests that nothing had decided. */
  undecided: number
  /** Requests that the guard refused. */
  refused: number
  contradictions: number
}

export interface Counts {
  arrived(): void
  /** The request was decided; remembered by the object that stands for it. */
  decided(request: object): void
  refused(): void
  contradicted(): void
  answered(request: object, answer: { method: string; status: number }): void
  totals(): Totals
}

/**
 * Counts requests where they arrive and leave, and decisions where they are taken: two places that know
 * nothing of each other, so that a way around the decision shows as an answer without one.
 */
export function openCounts(now: number): Counts {
  const instance = randomUUID()
  const since = new Date(now).toISOString()
  const known = new WeakSet<object>()
  const totals = { requests: 0, decided: 0, undecided: 0, refused: 0, contradictions: 0 }
  return {
    arrived: () => void totals.requests++,
    decided(request) {
      known.add(request)
      totals.decided++
    },
    refused: () => void totals.refused++,
    contradicted: () => void totals.contradictions++,
    answered(request, { method, status }) {
      // OPTIONS is how a browser or a framework tells what may be asked; a route for it is closed as any.
      if (status < 400 && method !== 'OPTIONS' && !known.has(request)) totals.undecided++
    },
    totals: () => ({ instance, since, ...totals }),
  }
}
