import { kept, useChange, type Grant } from '../api.ts'
import { Field, Form, Page, Problem, Select } from '../parts.tsx'
import { TenantField } from '../tenants.tsx'
import { nowThere } from '../time.ts'
import { GrantLine } from './grant.tsx'
import { GrantLists } from './lists.tsx'
import { GrantPage } from './one.tsx'

const home = '/console/grants'
const changes = ['/api/grants']

/** Grants of the staff: ask for one, see which are live, end one. */
export default function Grants({ name, grant }: { name: string; grant: string | null }) {
  if (grant !== null) {
    return (
      <GrantPage
        id={grant}
        list={{ href: home, name: 'Grants' }}
        isStaff
        ledger="/console/ledger"
        acts={(one) => <End of={one} />}
      />
    )
  }
  return <Overview name={name} />
}

function Overview({ name }: { name: string }) {
  return (
    <Page
      title="Grants"
      lede="What lets a member of the staff see a tenant’s data: asked for with a reason, allowed by the tenant, over after at most 8 hours. To go on one asks anew."
    >
      <GrantLists
        empty="Nobody asked for one yet."
        open={[
          { state: 'live', title: 'Live', none: 'None is live.' },
          { state: 'waiting', title: 'Waiting for the tenant', none: 'None waits.' },
        ]}
        line={(grant) => (
          <GrantLine key={grant.id} of={grant} isStaff href={`${home}/${grant.id}`}>
            <End of={grant} />
          </GrantLine>
        )}
      />
      <Ask name={name} />
    </Page>
  )
}

/** To end one gives nobody anything, so that it is done at once. */
function End({ of }: { of: Grant }) {
  const end = useChange(
    () => kept.post('/api/grants/{grant}/end', { params: { path: { grant: of.id } }, body: {} }),
    changes,
  )
  if (of.state !== 'waiting' && of.state !== 'live') return null
  return (
    <>
      <button
        type="button"
        className="quiet"
        onClick={() => end.mutate(undefined)}
        disabled={end.isPending}
      >
        {of.state === 'live' ? 'End it' : 'Take it back'}
      </button>
      <Problem of={end.error} />
    </>
  )
}

const minute = 60_000
const spans = [
  ['30', '30 minutes'],
  ['60', '1 hour'],
  ['120', '2 hours'],
  ['240', '4 hours'],
  ['480', '8 hours, the longest'],
] as const

function Ask({ name }: { name: string }) {
  const ask = useChange(({ tenant, reason, minutes }: Record<string, string>) => {
    // To the minute, and so never beyond what is allowed.
    const until = Math.floor(nowThere() / minute + Number(minutes)) * minute
    return kept.post('/api/grants', {
      body: { tenant: tenant!, reason: reason!, until: new Date(until).toISOString() },
    })
  }, changes)
  return (
    <section aria-labelledby="ask">
      <h2 id="ask">Ask a tenant</h2>
      <Form send={(fields, form) => ask.mutate(fields, { onSuccess: () => form.reset() })}>
        <TenantField says="Its id, as your app’s tables hold it." />
        <Field
          label="Reason"
          name="reason"
          required
          minLength={3}
          maxLength={1000}
          autoComplete="off"
          says="The tenant reads it, and decides by it."
        />
        <Select label="For" name="minutes" defaultValue="60">
          {spans.map(([value, says]) => (
            <option key={value} value={value}>
              {says}
            </option>
          ))}
        </Select>
        <Problem of={ask.error} />
        {ask.isSuccess && <p role="status">It waits for the tenant.</p>}
        <p className="acts">
          <button type="submit" disabled={ask.isPending}>
            Ask
          </button>
        </p>
        <p className="soft">You ask as {name}: that is the name by which the app must know you.</p>
      </Form>
    </section>
  )
}
