import type { Answer } from '@kept/client'
import type { UseQueryResult } from '@tanstack/react-query'
import { kept, useChange } from '../api.ts'
import { Empty, Field, Form, Loaded, Problem, ToCopy, Twice, When } from '../parts.tsx'
import { Verdict } from '../verdict.tsx'

type List = Answer<'/api/domains', 'get'>
type Domain = List['domains'][number]

const changes = ['/api/domains']

export function Domains({ domains }: { domains: UseQueryResult<List> }) {
  const add = useChange(
    ({ domain }: Record<string, string>) =>
      kept.post('/api/domains', { body: { domain: domain! } }),
    changes,
  )
  return (
    <section aria-labelledby="domains">
      <h2 id="domains">Domains</h2>
      <Loaded of={domains}>
        {({ domains: all }) =>
          all.length === 0 ? (
            <Empty>
              <p>
                None. A provider lets in only addresses of domains that are shown to be yours, by a
                TXT record.
              </p>
            </Empty>
          ) : (
            <ul className="rows">
              {all.map((domain) => (
                <Row key={domain.domain} of={domain} />
              ))}
            </ul>
          )
        }
      </Loaded>
      <Form send={(fields, form) => add.mutate(fields, { onSuccess: () => form.reset() })}>
        <Field
          label="Domain"
          name="domain"
          required
          maxLength={300}
          autoComplete="off"
          placeholder="example.com"
          says="Addresses of a subdomain need that subdomain."
        />
        <Problem of={add.error} />
        <button type="submit" disabled={add.isPending}>
          Add the domain
        </button>
      </Form>
    </section>
  )
}

function Row({ of: { domain, record, value, until, checkedAt, trouble } }: { of: Domain }) {
  const path = { path: { domain } }
  const check = useChange(() => kept.post('/api/domains/{domain}/check', { params: path }), changes)
  const remove = useChange(() => kept.delete('/api/domains/{domain}', { params: path }), changes)
  const toSet = (
    <>
      <ToCopy label="Name of the TXT record" value={record} />
      <ToCopy label="Its value" value={value} />
    </>
  )
  return (
    <li className="tall">
      <div>
        <b>{domain}</b>{' '}
        {until !== null ? (
          <Verdict of="kept">Verified</Verdict>
        ) : (
          <Verdict of="due">Not verified</Verdict>
        )}
        <p className="soft">
          {until !== null && (
            <>
              until <When at={until} />, longer each time that the record is seen;{' '}
            </>
          )}
          {checkedAt === null ? (
            'not looked for yet'
          ) : (
            <>
              looked for <When at={checkedAt} distance />
            </>
          )}
        </p>
      </div>
      <span className="acts">
        <button
          type="button"
          className="quiet"
          onClick={() => check.mutate(undefined)}
          disabled={check.isPending}
        >
          Check now
        </button>
        <Twice
          label="Remove"
          asks={`Nobody is let in by an address of ${domain} any more.`}
          act={() => remove.mutate(undefined)}
          busy={remove.isPending}
        />
      </span>
      <div className="whole">
        {trouble !== null && <Problem of={trouble} />}
        <Problem of={check.error ?? remove.error} />
        {until !== null ? (
          <details>
            <summary>The TXT record, which stays there</summary>
            {toSet}
          </details>
        ) : (
          toSet
        )}
      </div>
    </li>
  )
}
