import { useState } from 'react'
import { kept, useChange, useRead } from '../api.ts'
import { Empty, Field, Form, Loaded, Problem, ToCopy, Twice, When } from '../parts.tsx'

/** A tenant's directory (SCIM): by which tokens it comes, and what its groups mean here. */
export function Directory() {
  return (
    <section aria-labelledby="directory">
      <h2 id="directory">Directory (SCIM)</h2>
      <Tokens />
      <Groups />
    </section>
  )
}

function Tokens() {
  const tokens = useRead('/api/directory/tokens')
  const [made, setMade] = useState<string | null>(null)
  const changes = ['/api/directory/tokens']
  const make = useChange(
    ({ label, days }: Record<string, string>) =>
      kept.post('/api/directory/tokens', { body: { label: label!, days: Number(days) } }),
    changes,
  )
  const end = useChange(
    (token: string) =>
      kept.delete('/api/directory/tokens/{token}', { params: { path: { token } } }),
    changes,
  )
  return (
    <>
      <Loaded of={tokens}>
        {({ base, tokens: all }) => (
          <>
            <ToCopy label="Base address" value={base} />
            {all.length === 0 ? (
              <Empty>
                <p>
                  No token yet. With one, your directory adds and takes out people by itself;
                  whoever it takes out is out at once.
                </p>
              </Empty>
            ) : (
              <ul className="rows">
                {all.map(({ id, label, madeAt, endsAt, usedAt }) => (
                  <li key={id}>
                    <div>
                      <b>{label}</b>
                      <p className="soft">
                        made <When at={madeAt} />, until <When at={endsAt} />,{' '}
                        {usedAt === null ? (
                          'never used'
                        ) : (
                          <>
                            last used <When at={usedAt} distance />
                          </>
                        )}
                      </p>
                    </div>
                    <Twice
                      label="End it"
                      asks={`A directory that comes with “${label}” is refused from now on.`}
                      act={() => end.mutate(id)}
                    />
                  </li>
                ))}
              </ul>
            )}
          </>
        )}
      </Loaded>
      <Problem of={end.error} />
      {made && <ToCopy label="The token, shown once" value={made} />}
      <details>
        <summary>Make a token</summary>
        <Form
          send={(fields, form) =>
            make.mutate(fields, {
              onSuccess({ token }) {
                setMade(token)
                form.reset()
              },
            })
          }
        >
          <Field label="Which directory it is for" name="label" required maxLength={100} />
          <Field
            label="Days"
            name="days"
            type="number"
            min={1}
            max={731}
            defaultValue={366}
            required
          />
          <Problem of={make.error} />
          <button type="submit" disabled={make.isPending}>
            Make it
          </button>
        </Form>
      </details>
    </>
  )
}

function Groups() {
  const groups = useRead('/api/directory/groups')
  const set = useChange(
    ({ group, owners }: { group: string; owners: boolean }) =>
      kept.put('/api/directory/groups/{group}/owners', {
        params: { path: { group } },
        body: { owners },
      }),
    ['/api/directory/groups', '/api/people'],
  )
  return (
    <>
      <h3>Groups</h3>
      <Loaded of={groups}>
        {({ groups: all }) =>
          all.length === 0 ? (
            <p className="soft">
              The directory sent none yet. The members of one that you choose here are owners.
            </p>
          ) : (
            <ul className="rows">
              {all.map(({ id, displayName, owners, members }) => (
                <li key={id}>
                  <div>
                    <b>{displayName}</b>
                    <p className="soft">
                      {members === 1 ? '1 member' : `${members} members`}
                      {owners && ', who are owners'}
                    </p>
                  </div>
                  <Twice
                    label={owners ? 'Owners no more' : 'Make owners'}
                    asks={
                      owners
                        ? `The members of “${displayName}” are members again.`
                        : `Whoever the directory puts into “${displayName}” manages people and providers here.`
                    }
                    act={() => set.mutate({ group: id, owners: !owners })}
                    busy={set.isPending}
                  />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      <Problem of={set.error} />
    </>
  )
}
