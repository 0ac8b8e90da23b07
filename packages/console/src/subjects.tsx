import { Link, useSearchParams } from 'wouter'
import { codeOf, useRead } from './api.ts'
import { EvidenceTable } from './evidence.tsx'
import { Empty, Loaded, Page, When } from './parts.tsx'
import { Shape } from './verdict.tsx'

/** The systems of the register, each with what was last seen of it. */
export default function Subjects() {
  const subjects = useRead('/api/subjects', undefined, 15)
  const [search, setSearch] = useSearchParams()
  const open = search.get('system')
  if (codeOf(subjects.error) === 'not-found') {
    return (
      <Page title="Systems">
        <Empty>
          <p>No page was applied yet. Its systems.yaml says which systems there are.</p>
        </Empty>
      </Page>
    )
  }
  return (
    <Page
      title="Systems"
      lede="What claims speak of, as systems.yaml lists it. A claim about all is kept only when each of its systems has passing evidence."
    >
      <Loaded of={subjects}>
        {({ subjects: all }) =>
          all.length === 0 ? (
            <Empty>
              <p>
                systems.yaml lists none, so nothing can be proven. Add databases, endpoints,
                repositories, and apply it with the page.
              </p>
            </Empty>
          ) : (
            all.map((subject) => {
              const { id, type, provider, environment, regions, evidence } = subject
              const newest = evidence.reduce(
                (last, { observedAt }) => Math.max(last, observedAt),
                0,
              )
              const count = (outcome: string) =>
                evidence.filter((one) => one.outcome === outcome).length
              const where = [provider, environment, ...regions]
                .filter((one) => one !== null)
                .join(' · ')
              return (
                <details
                  key={id}
                  className="system"
                  open={open === id}
                  onToggle={(event) => {
                    if (event.currentTarget.open && open !== id)
                      setSearch({ system: id }, { replace: true })
                  }}
                >
                  <summary>
                    <span className="name">
                      <b>{id}</b> <span className="soft">{type}</span>
                      {where && <span className="soft block">{where}</span>}
                    </span>
                    <span className="state">
                      {count('fail') > 0 && (
                        <span className="v broken">
                          <Shape of="broken" />
                          {count('fail')} failed
                        </span>
                      )}
                      {count('inconclusive') > 0 && (
                        <span className="v unproven">
                          <Shape of="unproven" />
                          {count('inconclusive')} could not be told
                        </span>
                      )}
                      {count('pass') > 0 && (
                        <span className="v kept">
                          <Shape of="kept" />
                          {count('pass')} passed
                        </span>
                      )}
                      {evidence.length === 0 ? (
                        <span className="soft">nothing seen yet</span>
                      ) : (
                        <span className="soft">
                          <When at={newest} distance />
                        </span>
                      )}
                    </span>
                  </summary>
                  <p>
                    <Link href={`/console/systems/${encodeURIComponent(id)}`}>
                      Who looks at {id} and when, and what was seen before
                    </Link>
                  </p>
                  {evidence.length === 0 ? (
                    <p className="soft">
                      Nobody has said anything of it. The claims that speak of it say what to
                      connect.
                    </p>
                  ) : (
                    <EvidenceTable evidence={evidence} subject={false} />
                  )}
                </details>
              )
            })
          )
        }
      </Loaded>
    </Page>
  )
}
