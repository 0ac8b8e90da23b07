import { kept, useChange, useRead, type Grant } from '../api.ts'
import { GrantLine } from '../grants/grant.tsx'
import { GrantLists } from '../grants/lists.tsx'
import { GrantPage } from '../grants/one.tsx'
import { Reads, RecordTable } from '../grants/reads.tsx'
import { Page, Problem, Twice } from '../parts.tsx'
import { sayTime } from '../time.ts'

const home = '/staff-access'
const changes = ['/api/grants', '/api/reads']

/** Who of the staff may see this tenant's data: what they ask, and what they read. */
export default function StaffAccess({
  isOwner,
  grant,
}: {
  isOwner: boolean
  grant: string | null
}) {
  if (grant !== null) {
    return (
      <GrantPage
        id={grant}
        list={{ href: home, name: 'Staff access' }}
        isStaff={false}
        ledger="/ledger"
        acts={(one) => <Decisions of={one} isOwner={isOwner} />}
      />
    )
  }
  return <Overview isOwner={isOwner} />
}

function Overview({ isOwner }: { isOwner: boolean }) {
  return (
    <Page
      title="Staff access"
      lede="The staff ask to see your data, for a reason and for at most 8 hours; an owner of yours allows it or refuses. What the app then records of their reads stands below, row by row."
    >
      <Uncovered />
      <GrantLists
        empty="Nobody ever asked to see your data."
        open={[
          { state: 'waiting', title: 'Waiting for an answer', none: 'None waits.' },
          { state: 'live', title: 'Live', none: 'No grant is live.' },
        ]}
        line={(grant) => (
          <GrantLine
            key={grant.id}
            of={grant}
            isStaff={false}
            href={`${home}/${grant.id}`}
            below={<Decisions of={grant} isOwner={isOwner} />}
          />
        )}
      />
      <h2>What was read</h2>
      <Reads grant={null} tenant={null} ledger="/ledger" />
    </Page>
  )
}

/** What no grant let happen stands before everything else. */
function Uncovered() {
  const reads = useRead('/api/reads', { params: { query: { limit: 100 } } }, 10)
  const records = reads.data?.records.filter(({ isCovered }) => isCovered === false) ?? []
  if (records.length === 0) return null
  return (
    <section aria-labelledby="uncovered">
      <h2 id="uncovered">Read without a grant</h2>
      <Problem of="Your data was read, and no grant of yours let it. Ask the company why" />
      <RecordTable records={records} ledger="/ledger" label="Reads without a grant" />
    </section>
  )
}

/** What an owner may do about it now; a member is told who may. */
function Decisions({ of, isOwner }: { of: Grant; isOwner: boolean }) {
  const path = { params: { path: { grant: of.id } }, body: {} }
  const allow = useChange(() => kept.post('/api/grants/{grant}/allow', path), changes)
  const refuse = useChange(() => kept.post('/api/grants/{grant}/refuse', path), changes)
  const end = useChange(() => kept.post('/api/grants/{grant}/end', path), changes)
  const isBusy = allow.isPending || refuse.isPending || end.isPending
  if (of.state !== 'waiting' && of.state !== 'live') return null
  if (!isOwner) {
    const does = of.state === 'waiting' ? 'answers' : 'can end it'
    return <p className="soft">An owner of yours {does}.</p>
  }
  return (
    <>
      <p className="acts">
        {of.state === 'waiting' ? (
          <>
            <Twice
              label="Allow"
              asks={`${of.staff} can read your data until ${sayTime(Date.parse(of.until))}. What they read is listed here row by row, and you can end it at any time.`}
              act={() => allow.mutate(undefined)}
              busy={isBusy}
            />
            <Twice
              label="Refuse"
              asks={`${of.staff} sees nothing. To change your mind, let them ask anew.`}
              act={() => refuse.mutate(undefined)}
              busy={isBusy}
            />
          </>
        ) : (
          <button type="button" onClick={() => end.mutate(undefined)} disabled={isBusy}>
            End at once
          </button>
        )}
      </p>
      {of.state === 'live' && (
        <p className="soft">Once ended, apps hear of it within 30 seconds.</p>
      )}
      <Problem of={allow.error ?? refuse.error ?? end.error} />
    </>
  )
}
