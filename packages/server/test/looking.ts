/** Test support: looks at a system as the runtime does, and lets the judge of @kept/page decide. */
import { bench, findProof, judge, type Evidence, type ProofValues, type System } from '@kept/page'
import type { Collector, CollectorContext, Observation } from '../src/foundation/capability.ts'
import type { TestKept } from './kept.ts'

export function system(given: Partial<System> & Pick<System, 'type'>): System {
  return {
    id: 'subject',
    provider: null,
    environment: null,
    regions: [],
    tags: [],
    address: null,
    secret: null,
    ...given,
  }
}

export interface Given {
  authorities?: readonly string[]
  secrets?: Readonly<Record<string, string>>
  reach?: 'loopback' | 'any'
  source?: string
  contact?: string | null
  subjects?: readonly System[]
  signal?: AbortSignal
  now?: number
  /** The Kept that collectors ask for what it knows. */
  kept?: Pick<TestKept, 'ask'>
}

export function context(given: Given = {}): CollectorContext {
  return {
    ask: (operation, input) => {
      if (!given.kept) throw new Error(`no Kept to ask for ${operation.action}`)
      return given.kept.ask('worker', operation, input)
    },
    outside: {
      reach: given.reach ?? 'loopback',
      authorities: given.authorities ?? [],
      secret: (name) => given.secrets?.[name] ?? null,
      mail: null,
    },
    now: given.now ?? Date.now(),
    signal: given.signal ?? new AbortController().signal,
    page: { source: given.source ?? '', contact: given.contact ?? null },
    subjects: given.subjects ?? [],
  }
}

/** One collector's observations of one subject, and the verdict of a proof after each. */
export class Watch {
  readonly collector: Collector
  readonly subject: System
  private readonly evidence: Evidence[] = []
  private now = Date.now()

  constructor(collector: Collector, subject: System) {
    this.collector = collector
    this.subject = subject
  }

  async look(given: Given = {}): Promise<Observation> {
    const observation = await this.collector.collect(this.subject, context(given))
    this.now += 60_000
    this.evidence.push({
      id: `e${this.evidence.length}`,
      kind: this.collector.kind,
      subject: this.subject.id,
      observedAt: this.now,
      receivedAt: this.now,
      runner: 'kept',
      outcome: observation.outcome,
      measured: observation.measured,
    })
    return observation
  }

  /** What the judge makes of all observations up to now, for this kind of evidence alone, beside other systems. */
  verdict(proof: string, params: ProofValues = {}, others: readonly System[] = []) {
    const known = findProof(proof)!
    const alone = {
      ...known,
      needs: known.needs.filter(({ kind }) => kind === this.collector.kind),
    }
    const runner = {
      id: 'kept',
      holder: 'collector',
      name: null,
      kinds: ['*'],
      subjects: ['*'],
    } as const
    const register = { subjects: [this.subject, ...others], runners: [runner], unread: [] }
    return judge(alone, params, bench(register, this.evidence, this.now)).verdict
  }
}
