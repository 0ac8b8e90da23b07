import { verdictNames, type VerdictName } from '@kept/page/verdict'

/** What a browser may be told of a claim besides its verdict: that it is withheld for a while. */
export type Shown = VerdictName | 'withheld'

export const shown: readonly Shown[] = [...verdictNames, 'withheld']

/** The shapes of the public page, in a square of 16. */
const shapes: Record<Shown, { stroke?: string; fill?: string }> = {
  kept: { stroke: 'M2.5 8.6 6.2 12.4 13.5 3.8' },
  due: { stroke: 'M8 2a6 6 0 1 0 6 6H8Z', fill: 'M8 2a6 6 0 0 1 6 6H8Z' },
  attested: { stroke: 'M2.5 13.5 3.4 10 11 2.4 13.6 5 6 12.6Z M9.3 4.1 11.9 6.7' },
  missed: { stroke: 'M8 2a6 6 0 1 0 0 12A6 6 0 1 0 8 2Z', fill: 'M8 2a6 6 0 0 0 0 12Z' },
  stale: {
    stroke:
      'M8 2.2h.01M12.1 3.9h.01M13.8 8h.01M12.1 12.1h.01M8 13.8h.01M3.9 12.1h.01M2.2 8h.01M3.9 3.9h.01',
  },
  unproven: { stroke: 'M8 2a6 6 0 1 0 0 12A6 6 0 1 0 8 2Z' },
  unprovable: { stroke: 'M8 2a6 6 0 1 0 0 12A6 6 0 1 0 8 2ZM3.8 12.2 12.2 3.8' },
  unbacked: { stroke: 'M2.8 2.8h10.4v10.4H2.8Z' },
  broken: { stroke: 'M3.2 3.2 12.8 12.8M12.8 3.2 3.2 12.8' },
  withheld: { fill: 'M1 5.2h14v5.6H1Z' },
}

export function Shape({ of }: { of: Shown }) {
  const { stroke, fill } = shapes[of]
  return (
    <svg className="shape" viewBox="0 0 16 16" aria-hidden="true">
      {fill && <path className="full" d={fill} />}
      {stroke && <path d={stroke} />}
    </svg>
  )
}

/** A verdict: shape, word, colour. */
export function Verdict({ of, children }: { of: Shown; children?: string | undefined }) {
  return (
    <span className={`v ${of}`}>
      <Shape of={of} />
      {children ?? of[0]!.toUpperCase() + of.slice(1)}
    </span>
  )
}

/** The outcome of a look, in the words of evidence. */
export function Outcome({ of }: { of: 'pass' | 'fail' | 'inconclusive' }) {
  const verdict = { pass: 'kept', fail: 'broken', inconclusive: 'unproven' } as const
  return <Verdict of={verdict[of]}>{of[0]!.toUpperCase() + of.slice(1)}</Verdict>
}

/** Ninety days, two units to each: what is worse than kept stands out by its form. */
export function Strip({
  days,
  large = false,
}: {
  days: readonly (string | null)[]
  large?: boolean
}) {
  const drawn = new Map<string, string>()
  for (const [i, verdict] of days.entries()) {
    if (verdict) drawn.set(verdict, (drawn.get(verdict) ?? '') + drawDay(verdict, i * 2))
  }
  return (
    <svg
      className={large ? 'strip large' : 'strip'}
      viewBox={`0 0 ${days.length * 2} 12`}
      preserveAspectRatio="none"
      role="img"
      aria-label={sayStrip(days)}
    >
      <path className="ground" d={`M0 11h${days.length * 2}`} />
      {[...drawn].map(([verdict, d]) => (
        <path key={verdict} className={verdict} d={d} />
      ))}
    </svg>
  )
}

function drawDay(verdict: string, x: number): string {
  switch (verdict) {
    case 'kept':
      return `M${x} 6h2`
    case 'attested':
      return `M${x} 4h2M${x} 8h2`
    case 'due':
      return `M${x} 6h1.2`
    case 'missed':
      return `M${x} 6h2M${x + 1} 6v3`
    case 'stale':
      return `M${x + 0.6} 6h.7`
    case 'broken':
      return `M${x + 1} 1v10`
    case 'withheld':
      return `M${x} 3h2v6h-2z`
    default:
      return `M${x + 0.6} 11h.7`
  }
}

function sayStrip(days: readonly (string | null)[]): string {
  const counts = new Map<string, number>()
  for (const day of days) {
    const word = day ?? 'no verdict yet'
    counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  const said = [...counts].toSorted((a, b) => b[1] - a[1]).map(([word, n]) => `${word} on ${n}`)
  return `The last ${days.length} days: ${said.join(', ')}`
}
