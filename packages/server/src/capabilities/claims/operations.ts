import { outcomes, subjectTypes, verdictNames } from '@kept/page'
import { z } from 'zod'
import { operation } from '../../foundation/operation.ts'
import { applyPage, approveProposal, comparePage, declineProposal } from './apply.ts'
import {
  hurry,
  keepLook,
  listLooks,
  prepareLook,
  sendOut,
  type CollectorList,
} from './collections.ts'
import { listEvidence, receive } from './evidence.ts'
import { judgeNow, judgeWhenDue } from './judge.ts'
import { listProposals, showEdition, showSource } from './proposals.ts'
import { foreseeLapses, listClaims, showClaim } from './read.ts'
import { listSubjects } from './subjects.ts'

const nothing = z.strictObject({})
const word = z.string().min(1).max(500)
const verdict = z.enum(verdictNames)
const instant = z.iso.datetime({ offset: true })
const measured = z.record(
  z.string().max(100),
  z.union([
    z.number(),
    z.string().max(10_000),
    z.boolean(),
    z.null(),
    z.array(z.string().max(1000)).readonly(),
  ]),
)
const change = z.object({
  kind: z.string(),
  id: z.string(),
  says: z.string(),
  detail: z.string().optional(),
})
const text = z.string().max(10_000_000)

const shown = z.object({
  id: z.string(),
  text: z.string(),
  heading: z.string(),
  proofs: z.array(z.string()),
  verdict,
  until: z.string().nullable(),
  because: z.string(),
  judgedAt: z.string().nullable(),
  changes: z.string().nullable(),
})

const part = z.object({
  verdict,
  because: z.string(),
  kind: z.string().nullable(),
  subject: z.string().nullable(),
  until: z.number().nullable(),
})

const evidence = z.object({
  id: z.string(),
  kind: z.string(),
  subject: z.string(),
  outcome: z.enum(outcomes),
  observedAt: z.number(),
  receivedAt: z.number(),
  runner: z.string(),
  measured,
  note: z.string().nullable(),
  entry: z.number().nullable(),
})

const system = z.object({
  id: z.string(),
  type: z.enum(subjectTypes),
  provider: z.string().nullable(),
  environment: z.string().nullable(),
  regions: z.array(z.string()).readonly(),
  tags: z.array(z.string()).readonly(),
  address: z.string().nullable(),
  secret: z.string().nullable(),
})

/** The operations on the page, its evidence and its verdicts. */
const judging = z.object({
  changed: z.number(),
  more: z.boolean(),
  troubles: z.array(z.string()),
})

export function claimsOperations(collectors: CollectorList) {
  return {
    apply: operation({
      action: 'claims.apply',
      says: 'Applies a page with its systems, or proposes it where it weakens a promise',
      input: z.strictObject({ page: text, systems: text }),
      output: z.object({
        version: z.number(),
        proposal: z.string().nullable(),
        changes: z.array(change),
      }),
      entry: (_, { version, proposal, changes }) => ({
        version,
        proposal,
        changes: changes.length,
      }),
      run: (tx, texts) => applyPage(tx, texts, collectors),
    }),

    approve: operation({
      action: 'claims.approve',
      says: 'Agrees to a proposal; two different people put it in force',
      input: z.strictObject({ proposal: z.uuid() }),
      output: z.object({ version: z.number().nullable(), waitsFor: z.number() }),
      entry: ({ proposal }, { version }) => ({ proposal, version }),
      run: (tx, { proposal }) => approveProposal(tx, proposal, collectors),
    }),

    decline: operation({
      action: 'claims.decline',
      says: 'Ends a proposal without applying it',
      input: z.strictObject({ proposal: z.uuid() }),
      output: nothing,
      entry: ({ proposal }) => ({ proposal }),
      async run(tx, { proposal }) {
        await declineProposal(tx, proposal)
        return {}
      },
    }),

    showEdition: operation({
      action: 'claims.show-edition',
      says: 'Which page is in force, since when and by whom, with digests of its text and systems',
      input: nothing,
      output: z.object({
        version: z.number(),
        appliedAt: z.string().nullable(),
        by: z.array(z.string()),
        page: z.string().nullable(),
        systems: z.string().nullable(),
      }),
      run: showEdition,
    }),

    showSource: operation({
      action: 'claims.show-source',
      says: 'The page in force and its systems, as they were written',
      input: nothing,
      output: z.object({
        version: z.number(),
        page: z.string().nullable(),
        systems: z.string().nullable(),
      }),
      run: showSource,
    }),

    compare: operation({
      action: 'claims.compare',
      says: 'What applying a page would change, and whether it needs a second person; nothing is kept',
      input: z.strictObject({ page: text, systems: text }),
      output: z.object({
        version: z.number(),
        changes: z.array(change.extend({ weakens: z.boolean() })),
        needsSecond: z.boolean(),
      }),
      run: comparePage,
    }),

    listSubjects: operation({
      action: 'claims.list-subjects',
      says: 'The systems of the company, each with the newest evidence of every kind about it',
      input: nothing,
      output: z.object({
        subjects: z.array(
          system
            .pick({ id: true, type: true, provider: true, environment: true, regions: true })
            .extend({ tags: z.array(z.string()).readonly(), evidence: z.array(evidence) }),
        ),
      }),
      run: async (tx) => ({ subjects: await listSubjects(tx) }),
    }),

    listProposals: operation({
      action: 'claims.list-proposals',
      says: 'Proposals that wait for people, each with what it would change',
      input: nothing,
      output: z.object({
        proposals: z.array(
          z.object({
            id: z.string(),
            proposedAt: z.string(),
            proposedBy: z.string(),
            approvedBy: z.array(z.string()),
            waitsFor: z.number(),
            changes: z.array(change),
          }),
        ),
      }),
      run: async (tx) => ({ proposals: await listProposals(tx) }),
    }),

    tellTime: operation({
      action: 'claims.tell-time',
      says: 'The time of this Kept, by which signatures are fresh and evidence is dated',
      input: nothing,
      output: z.object({ now: z.string() }),
      run: (tx) => Promise.resolve({ now: new Date(tx.now).toISOString() }),
    }),

    list: operation({
      action: 'claims.list',
      says: 'Every claim of the page with its verdict',
      input: nothing,
      output: z.object({ claims: z.array(shown) }),
      run: async (tx) => ({ claims: await listClaims(tx) }),
    }),

    show: operation({
      action: 'claims.show',
      says: 'One claim with the evidence behind it and the history of its verdict',
      input: z.strictObject({ id: word }),
      output: shown.extend({
        parts: z.array(part),
        means: z.array(
          z.object({
            proof: z.string(),
            means: z.string(),
            freshness: z.array(z.object({ kind: z.string(), says: z.string() })),
            connect: z.string(),
          }),
        ),
        evidence: z.array(evidence),
        history: z.array(
          z.object({
            at: z.string(),
            verdict,
            because: z.string(),
            version: z.number(),
            entry: z.number().nullable(),
          }),
        ),
      }),
      run: (tx, { id }) => showClaim(tx, id),
    }),

    foresee: operation({
      action: 'claims.foresee',
      says: 'What becomes untrue by time alone within so many days',
      input: z.strictObject({ days: z.coerce.number().int().min(1).max(400).default(30) }),
      output: z.object({ claims: z.array(shown) }),
      run: async (tx, { days }) => ({ claims: await foreseeLapses(tx, days) }),
    }),

    receive: operation({
      action: 'claims.receive',
      says: 'Takes evidence from the runner or person that signed the request',
      input: z.strictObject({
        evidence: z
          .array(
            z.strictObject({
              id: word,
              kind: word,
              subject: word,
              outcome: z.enum(outcomes),
              observedAt: instant.transform((said) => Date.parse(said)),
              measured: measured.default({}),
              note: z.string().max(500).optional(),
            }),
          )
          .min(1)
          .max(1000),
      }),
      output: z.object({ taken: z.number() }),
      entry: ({ evidence: all }, { taken }) => ({ sent: all.length, taken }),
      run: async (tx, input) => ({ taken: await receive(tx, tx.scope.actor.id, input.evidence) }),
    }),

    listEvidence: operation({
      action: 'claims.list-evidence',
      says: 'All evidence, or that about a system, newest first; `next` is the `before` of the page that follows',
      input: z.strictObject({
        subject: word.optional(),
        before: z
          .string()
          .regex(/^[1-9]\d{0,17}$/)
          .optional(),
        limit: z.coerce.number().int().min(1).max(500).default(100),
      }),
      output: z.object({ evidence: z.array(evidence), next: z.string().nullable() }),
      run: listEvidence,
    }),

    collect: operation({
      action: 'claims.collect',
      says: 'Has collectors look now: all of them, or those of a kind or at a system',
      input: z.strictObject({ kind: word.optional(), subject: word.optional() }),
      output: z.object({ looks: z.number() }),
      entry: (input, { looks }) => ({
        kind: input.kind ?? null,
        subject: input.subject ?? null,
        looks,
      }),
      run: async (tx, input) => ({ looks: await hurry(tx, input) }),
    }),

    listLooks: operation({
      action: 'claims.list-looks',
      says: 'What collectors look at, when they last looked and what came of it',
      input: nothing,
      output: z.object({
        looks: z.array(
          z.object({
            kind: z.string(),
            subject: z.string(),
            runner: z.string(),
            nextAt: z.string(),
            seenAt: z.string().nullable(),
            outcome: z.enum(outcomes).nullable(),
            note: z.string().nullable(),
          }),
        ),
      }),
      run: async (tx) => ({ looks: await listLooks(tx) }),
    }),

    sendOut: operation({
      action: 'claims.send-out',
      says: 'Sends out the looks that are due',
      input: nothing,
      output: z.object({ sent: z.number() }),
      run: async (tx) => ({ sent: await sendOut(tx, collectors) }),
    }),

    prepareLook: operation({
      action: 'claims.prepare-look',
      says: 'What a collector needs to know before it looks',
      input: z.strictObject({ kind: word, subject: word }),
      output: z.object({
        system,
        systems: z.array(system).readonly(),
        page: z.string(),
        contact: z.string().nullable(),
      }),
      run: (tx, what) => prepareLook(tx, what),
    }),

    keepLook: operation({
      action: 'claims.keep-look',
      says: 'Keeps what a collector saw, as evidence',
      input: z.strictObject({
        id: word,
        kind: word,
        subject: word,
        outcome: z.enum(outcomes),
        measured,
        note: z.string().max(500).optional(),
        observedAt: z.number(),
      }),
      output: nothing,
      async run(tx, look) {
        await keepLook(tx, look)
        return {}
      },
    }),

    judge: operation({
      action: 'claims.judge',
      says: 'Judges every claim now',
      input: nothing,
      output: judging,
      run: (tx) => judgeNow(tx),
    }),

    judgeWhenDue: operation({
      action: 'claims.judge-when-due',
      says: 'Judges every claim when time alone has changed one',
      input: nothing,
      output: judging,
      run: (tx) => judgeWhenDue(tx),
    }),
  }
}

export type ClaimsOperations = ReturnType<typeof claimsOperations>
