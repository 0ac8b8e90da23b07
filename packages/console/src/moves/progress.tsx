import type { Move } from '../api.ts'

const steps = [
  ['planned', 'Planned'],
  ['copying', 'Copying'],
  ['catching-up', 'Catching up'],
  ['switching', 'Switching'],
  ['cleaning', 'Cleaning up'],
  ['done', 'Done'],
] as const

/** How far a move is: what is behind it, where it is, what is to come. */
export function Progress({ of: { state, tenant } }: { of: Move }) {
  const at = steps.findIndex(([step]) => step === state)
  if (at === -1) return null
  return (
    <ol className="track" aria-label={`How far the move of ${tenant} is`}>
      {steps.map(([step, says], i) => (
        <li
          key={step}
          className={i < at || state === 'done' ? 'past' : i === at ? 'here' : ''}
          {...(i === at ? { 'aria-current': 'step' as const } : {})}
        >
          {says}
        </li>
      ))}
    </ol>
  )
}
