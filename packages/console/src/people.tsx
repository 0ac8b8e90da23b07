import { useState } from 'react'
import { codeOf, kept, useChange, useRead, type Person } from './api.ts'
import { sayFactors } from './account.tsx'
import {
  Dialog,
  Field,
  Form,
  Loaded,
  Page,
  Problem,
  Select,
  ToCopy,
  Twice,
  When,
} from './parts.tsx'
import { Verdict } from './verdict.tsx'

interface Link {
  link: string
  endsAt: number
  whom: string
}

/** Who has an account, of the staff or of one tenant. */
export default function People({ own, tenant }: { own: string; tenant: string | null }) {
  const people = useRead('/api/people')
  const [link, setLink] = useState<Link | null>(null)
  if (codeOf(people.error) === 'not-allowed') {
    return (
      <Page title="People">
        <p>Only owners see and invite people.</p>
      </Page>
    )
  }
  return (
    <Page
      title="People"
      lede={
        tenant === null
          ? 'The staff. Each has a second factor at all times.'
          : `Who may come into the portal of ${tenant}.`
      }
    >
      <Loaded of={people}>
        {({ people: all }) => (
          <ul className="rows">
            {all.map((person) => (
              <Row key={person.id} person={person} isOwn={person.id === own} setLink={setLink} />
            ))}
          </ul>
        )}
      </Loaded>
      <Invite isStaff={tenant === null} setLink={setLink} />
      {tenant === null && <InviteTenant setLink={setLink} />}
      {link && (
        <Dialog title={`A link for ${link.whom}`} close={() => setLink(null)}>
          <p>
            Hand it over by a way that only they read: whoever opens it first has the account. It
            works once, until <When at={link.endsAt} />, and is not shown again.
          </p>
          <ToCopy label="One-time link" value={link.link} />
          <p className="acts">
            <button type="button" onClick={() => setLink(null)}>
              Done
            </button>
          </p>
        </Dialog>
      )}
    </Page>
  )
}

function Row({
  person: { id, name, email, role, factors, addedAt, seenAt },
  isOwn,
  setLink,
}: {
  person: Person
  isOwn: boolean
  setLink: (link: Link) => void
}) {
  const path = { path: { account: id } }
  const changes = ['/api/people']
  const turn = useChange(
    (to: 'owner' | 'member') =>
      kept.put('/api/people/{account}/role', { params: path, body: { role: to } }),
    changes,
  )
  const again = useChange(() => kept.post('/api/people/{account}/link', { params: path }), changes)
  const remove = useChange(() => kept.delete('/api/people/{account}', { params: path }), changes)
  const hasSecond = factors.some((factor) => factor !== 'password')
  return (
    <li>
      <div>
        <b>{name}</b>{' '}
        <span className="soft">
          {role}
          {isOwn && ', you'}
        </span>
        <p className="soft">
          {email}; by {factors.length > 0 ? sayFactors(factors) : 'nothing yet'}; since{' '}
          <When at={addedAt} />,{' '}
          {seenAt === null ? (
            'never seen'
          ) : (
            <>
              seen <When at={seenAt} distance />
            </>
          )}
        </p>
        {!hasSecond && <Verdict of="due">No second factor</Verdict>}
        <Problem of={turn.error ?? again.error ?? remove.error} />
      </div>
      {!isOwn && (
        <span className="acts">
          <button
            type="button"
            className="quiet"
            onClick={() => turn.mutate(role === 'owner' ? 'member' : 'owner')}
            disabled={turn.isPending}
          >
            {role === 'owner' ? 'Make a member' : 'Make an owner'}
          </button>
          <Twice
            label="New link"
            asks={`For when ${name} lost all factors: once the link is used, every session, key and factor of theirs ends.`}
            act={() =>
              again.mutate(undefined, { onSuccess: (made) => setLink({ ...made, whom: name }) })
            }
          />
          <Twice
            label="Remove"
            asks={`${name} is out at once: sessions and keys end, and nothing brings the account back.`}
            act={() => remove.mutate(undefined)}
          />
        </span>
      )}
    </li>
  )
}

function Invite({ isStaff, setLink }: { isStaff: boolean; setLink: (link: Link) => void }) {
  const invite = useChange(
    ({ email, role, name }: Record<string, string>) =>
      kept.post('/api/people', {
        body: { email: email!, role: role as 'owner' | 'member', name: name?.trim() || null },
      }),
    ['/api/people'],
  )
  return (
    <section aria-labelledby="invite">
      <h2 id="invite">Invite somebody</h2>
      <Form
        send={(fields, form) =>
          invite.mutate(fields, {
            onSuccess(made) {
              setLink({ ...made, whom: fields['email']! })
              form.reset()
            },
          })
        }
      >
        <Field label="E-mail address" name="email" type="email" autoComplete="off" required />
        {isStaff && (
          <Field
            label="Called"
            name="name"
            autoComplete="off"
            maxLength={61}
            says="For somebody with a key in systems.yaml the name there. Others choose their own."
          />
        )}
        <Select label="As" name="role" defaultValue="member">
          <option value="member">member</option>
          <option value="owner">owner, who manages people</option>
        </Select>
        <Problem of={invite.error} />
        <button type="submit" disabled={invite.isPending}>
          Make a link
        </button>
      </Form>
    </section>
  )
}

/** The first person of a tenant’s portal. */
function InviteTenant({ setLink }: { setLink: (link: Link) => void }) {
  const invite = useChange(({ tenant, email }: Record<string, string>) =>
    kept.post('/api/tenants/{tenant}/owner', {
      params: { path: { tenant: tenant! } },
      body: { email: email! },
    }),
  )
  return (
    <details>
      <summary>Open a tenant’s portal</summary>
      <Form
        send={(fields, form) =>
          invite.mutate(fields, {
            onSuccess(made) {
              setLink({ ...made, whom: `${fields['email']} of ${fields['tenant']}` })
              form.reset()
            },
          })
        }
      >
        <Field
          label="Tenant"
          name="tenant"
          required
          maxLength={200}
          says="Its id, as your app’s tables hold it."
        />
        <Field
          label="E-mail address of its first owner"
          name="email"
          type="email"
          autoComplete="off"
          required
        />
        <Problem of={invite.error} />
        <button type="submit" disabled={invite.isPending}>
          Make a link
        </button>
      </Form>
    </details>
  )
}
