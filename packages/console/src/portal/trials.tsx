import type { Answer } from '@kept/client'
import { useRead } from '../api.ts'
import { Loaded, When } from '../parts.tsx'
import { Outcome, Verdict } from '../verdict.tsx'

type Trial = Answer<'/api/connections/{connection}/trials', 'get'>['trials'][number]

/** What a provider sent when its connection was tried, and each check with its reason; the newest in full. */
export function Trials({ connection }: { connection: string }) {
  const trials = useRead('/api/connections/{connection}/trials', {
    params: { path: { connection } },
  })
  return (
    <Loaded of={trials}>
      {({ trials: [newest, ...older] }) =>
        newest ? (
          <>
            <Result of={newest} />
            {older.map((trial) => (
              <details key={trial.id}>
                <summary>
                  Tested <When at={trial.at} />, {trial.passed ? 'passed' : 'failed'}
                </summary>
                <Result of={trial} />
              </details>
            ))}
          </>
        ) : (
          <p className="soft">
            Not tested yet. A test signs nobody in, and works before you enable the connection.
          </p>
        )
      }
    </Loaded>
  )
}

function Result({ of: { at, passed, checks, sent } }: { of: Trial }) {
  return (
    <>
      <h3>
        Tested <When at={at} />
      </h3>
      <p>
        <Verdict of={passed ? 'kept' : 'broken'}>
          {passed ? 'Whoever that was would be let in' : 'Whoever that was would be refused'}
        </Verdict>
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">Check</th>
            <th scope="col">Outcome</th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          {checks.map(({ check, passed: isPassed, why }, i) => (
            // A check may stand there twice.
            <tr key={i}>
              <td>{check}</td>
              <td>
                <Outcome of={isPassed ? 'pass' : 'fail'} />
              </td>
              <td className="long">{why}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <h3>What the provider sent</h3>
      <pre>{JSON.stringify(sent, null, 2)}</pre>
    </>
  )
}
