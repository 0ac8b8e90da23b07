import { addDuration, type Instant } from '../src/duration.ts'
import type { Evidence } from '../src/evidence.ts'
import type { Clocked } from '../src/proof.ts'
import type { Part } from '../src/verdict.ts'
import {
  caseOf,
  day,
  evidenceOf,
  judgeAt,
  promised,
  subjectsOf,
  type Strand,
  type World,
} from './world.ts'

/** One clock of a world: what the page promises, and how to speak of its cases. */
export class Clock {
  readonly strand: Strand
  readonly need: Clocked
  readonly subject: string
  readonly start: Instant
  readonly due: Instant
  readonly world: World
  constructor(world: World) {
    this.world = world
    this.strand = world.strands.find((strand) => strand.role === 'case')!
    this.need = this.strand.need as Clocked
    this.subject = subjectsOf(world, this.need)[0]!.id
    this.start = world.now - 400 * day
    this.due = addDuration(this.start, promised(this.need, world.params), world.timeZone)
  }

  /** A share of the promised time after the start: 0.5 is in time, 2 is late. */
  after(share: number): Instant {
    return Math.floor(this.start + share * (this.due - this.start))
  }

  /** The case seen at an instant: open, or done then. */
  open(observedAt: Instant, rest: Partial<Evidence> = {}): Evidence {
    const measured = caseOf(this.need, 'INC-1', { startedAt: this.start })
    return evidenceOf(this.world, this.strand, this.subject, { observedAt, measured, ...rest })
  }
  done(doneAt: Instant, rest: Partial<Evidence> = {}): Evidence {
    const measured = caseOf(this.need, 'INC-1', { startedAt: this.start, doneAt })
    const observedAt = rest.observedAt ?? doneAt
    return evidenceOf(this.world, this.strand, this.subject, { measured, ...rest, observedAt })
  }

  /** What the judge makes of the cases alone; intake and rehearsal have parts of their own. */
  judge(evidence: readonly Evidence[], now: Instant): Part {
    return judgeAt(this.world, evidence, now).parts.find(
      (part) => part.kind === this.need.kind && part.subject === this.subject,
    )!
  }
  verdict(evidence: readonly Evidence[], now: Instant): Part['verdict'] {
    return this.judge(evidence, now).verdict
  }
}
