import { useState } from 'react'
import { Link, useSearchParams } from 'wouter'
import { codeOf, kept, useChange, useRead, useSession } from './api.ts'
import { Area, Empty, Field, Form, Loaded, Page, Problem, Select } from './parts.tsx'
import { inHex } from './ledger/verify.ts'

/** What a person says of a system, with a document's digest: it is told as theirs, and never as kept. */
export default function Attest() {
  const claims = useRead('/api/claims')
  const [search, setSearch] = useSearchParams()
  const chosen = search.get('claim')
  if (codeOf(claims.error) === 'not-found') {
    return (
      <Page title="Attest">
        <Empty>
          <p>
            There is nothing to attest before a page is applied.{' '}
            <Link href="/console/page">Apply one</Link>
          </p>
        </Empty>
      </Page>
    )
  }
  return (
    <Page
      title="Attest"
      lede="Of what nothing can measure, a person may say that it is so: a certificate lies before you, a review was held. The page then says “attested”, by whom and until when; never “kept”."
    >
      <Loaded of={claims}>
        {({ claims: all }) => (
          <Select
            label="Claim"
            value={chosen ?? ''}
            onChange={(event) => setSearch({ claim: event.target.value })}
          >
            <option value="">Choose one</option>
            {all.map(({ id, text }) => (
              <option key={id} value={id}>
                {text}
              </option>
            ))}
          </Select>
        )}
      </Loaded>
      {chosen && <Statement key={chosen} claim={chosen} />}
    </Page>
  )
}

function Statement({ claim: id }: { claim: string }) {
  const claim = useRead('/api/claims/{id}', { params: { path: { id } } })
  const session = useSession()
  const [document, setDocument] = useState<{ name: string; digest: string } | null>(null)
  const send = useChange(
    async (fields: Record<string, string>) => {
      const { now } = await kept.get('/api/time')
      const { kind, subject, until, note, more } = fields
      const measured = {
        ...readMeasures(more ?? ''),
        ...(until ? { validUntil: new Date(until).toISOString() } : {}),
        ...(document ? { document: document.name, sha256: document.digest } : {}),
      }
      return await kept.post('/api/evidence', {
        body: {
          evidence: [
            {
              id: crypto.randomUUID(),
              kind: kind!,
              subject: subject!,
              outcome: 'pass',
              observedAt: now,
              measured,
              ...(note ? { note } : {}),
            },
          ],
        },
      })
    },
    ['/api/claims', '/api/claims/{id}', '/api/strips', '/api/subjects'],
  )
  const digest = async (file: File | undefined) => {
    if (!file) return setDocument(null)
    const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()))
    setDocument({ name: file.name, digest: inHex(bytes) })
  }
  return (
    <Loaded of={claim}>
      {({ means, parts }) => {
        const kinds = [
          ...new Set(means.flatMap(({ freshness }) => freshness.map(({ kind }) => kind))),
        ]
        const subjects = [...new Set(parts.flatMap(({ subject }) => subject ?? []))]
        return (
          <Form send={(fields) => send.mutate(fields)}>
            <p className="soft">{means.map(({ means: says }) => says).join(' ')}</p>
            <Select label="What kind" name="kind">
              {kinds.map((kind) => (
                <option key={kind}>{kind}</option>
              ))}
            </Select>
            {subjects.length > 0 ? (
              <Select label="Of which system" name="subject">
                {subjects.map((subject) => (
                  <option key={subject}>{subject}</option>
                ))}
              </Select>
            ) : (
              <Field
                label="Of which system"
                name="subject"
                required
                says="Its id in systems.yaml: the claim names none yet."
              />
            )}
            <Field label="Good until" name="until" type="date" says="Where the document says so." />
            <p className="field">
              <label htmlFor="document">Document</label>
              <input
                id="document"
                type="file"
                onChange={(event) => void digest(event.target.files?.[0])}
                aria-describedby="document-says"
              />
              <span className="says" id="document-says">
                {document ? (
                  <span className="mono wrap">SHA-256 {document.digest}</span>
                ) : (
                  'It stays with you: only its name and its SHA-256 are sent, so that whoever is handed it later can tell that it is the same.'
                )}
              </span>
            </p>
            <Area
              label="Further facts"
              name="more"
              rows={4}
              says="One to a line, as name: value; several values are separated by commas."
            />
            <Field label="Note" name="note" maxLength={500} says="For the company alone." />
            <Problem of={send.error} />
            {codeOf(send.error) === 'not-allowed' && (
              <p className="soft">
                systems.yaml says of what each person may speak: it needs a runner with the id “
                {session.data?.name}” and holder “person” for this kind and system.{' '}
                <Link href="/console/page">To the page</Link>
              </p>
            )}
            {send.data && (
              <p role="status">
                Taken, as an entry of the ledger.{' '}
                <Link href={`/console/claims/${encodeURIComponent(id)}`}>See the claim</Link>
              </p>
            )}
            <p className="acts">
              <button type="submit" disabled={send.isPending}>
                Say that it is so
              </button>
            </p>
          </Form>
        )
      }}
    </Loaded>
  )
}

/** `name: value` to a line, as evidence carries it: numbers, yes and no, lists, texts. */
function readMeasures(text: string): Record<string, string | number | boolean | string[]> {
  const lines = text.split('\n').filter((line) => line.includes(':'))
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf(':')
      return [line.slice(0, at).trim(), readMeasure(line.slice(at + 1).trim())]
    }),
  )
}

function readMeasure(text: string): string | number | boolean | string[] {
  if (text === 'yes' || text === 'no') return text === 'yes'
  if (/^-?\d+(?:\.\d+)?$/.test(text)) return Number(text)
  return text.includes(',') ? text.split(',').map((one) => one.trim()) : text
}
