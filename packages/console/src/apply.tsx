import { diffLines } from 'diff'
import { useEffect, useState } from 'react'
import { Link } from 'wouter'
import { kept, useChange, useRead, useSession, type Proposal } from './api.ts'
import { Area, Empty, Loaded, Page, Problem, When } from './parts.tsx'
import { Verdict } from './verdict.tsx'

interface Texts {
  page: string
  systems: string
}

/** What is read again once the page may be another. */
const changed = [
  '/api/page',
  '/api/page/source',
  '/api/proposals',
  '/api/claims',
  '/api/strips',
  '/api/lapses',
  '/api/subjects',
]

/** The page in force, what waits for a second person, and how to apply another. */
export default function Apply() {
  const edition = useRead('/api/page')
  return (
    <Page
      title="Page"
      lede="The page is the policy: what stands on it is enforced and proved. Whatever weakens, removes or renames a promise waits for a second person."
    >
      <Loaded of={edition}>
        {({ version, appliedAt, by }) =>
          version === 0 ? (
            <Empty>
              <p>
                None was applied yet. Put the text of your page and your systems.yaml below, or run{' '}
                <code>kept apply PAGE --systems FILE</code>.
              </p>
            </Empty>
          ) : (
            <p>
              Version {version} is in force since <When at={Date.parse(appliedAt!)} />, by{' '}
              {by.join(' and ')}. <a href="/">Read it</a>
            </p>
          )
        }
      </Loaded>
      <Proposals />
      <Edit />
    </Page>
  )
}

function Proposals() {
  const proposals = useRead('/api/proposals', undefined, 10)
  return (
    <section aria-labelledby="waiting">
      <h2 id="waiting">Waiting for a second person</h2>
      <Loaded of={proposals}>
        {({ proposals: all }) =>
          all.length === 0 ? (
            <p className="soft">Nothing waits.</p>
          ) : (
            all.map((proposal) => <Waiting key={proposal.id} proposal={proposal} />)
          )
        }
      </Loaded>
    </section>
  )
}

function Waiting({
  proposal: { id, proposedAt, proposedBy, approvedBy, waitsFor, changes },
}: {
  proposal: Proposal
}) {
  const session = useSession()
  const isMine = session.data != null && approvedBy.includes(session.data.name)
  const path = { params: { path: { proposal: id } } }
  const approve = useChange(() => kept.post('/api/proposals/{proposal}/approve', path), changed)
  const decline = useChange(() => kept.post('/api/proposals/{proposal}/decline', path), changed)
  return (
    <div className="proposal">
      <p>
        <b>{proposedBy}</b> proposed it <When at={Date.parse(proposedAt)} distance />
        {approvedBy.length > 0 && `; ${approvedBy.join(' and ')} agreed`}.{' '}
        {waitsFor === 1 ? 'One more person must agree.' : `${waitsFor} people must agree.`}
      </p>
      <Changes changes={changes} />
      <Problem of={approve.error ?? decline.error} />
      <p className="acts">
        {isMine ? (
          <span className="soft">You stand behind it: somebody else must agree.</span>
        ) : (
          <button
            type="button"
            onClick={() => approve.mutate(undefined)}
            disabled={approve.isPending}
          >
            Agree
          </button>
        )}
        <button
          type="button"
          className="quiet"
          onClick={() => decline.mutate(undefined)}
          disabled={decline.isPending}
        >
          Decline
        </button>
      </p>
    </div>
  )
}

interface Told {
  kind: string
  id: string
  says: string
  detail?: string | undefined
  weakens?: boolean
}

function Changes({ changes }: { changes: readonly Told[] }) {
  return (
    <ul className="changes">
      {changes.map(({ kind, id, says, detail, weakens }, i) => (
        // Of one claim several things can change in the same words.
        // eslint-disable-next-line react/no-array-index-key -- lines of a diff have no other name.
        <li key={`${kind} ${id} ${i}`}>
          <b>{kind.replaceAll('-', ' ')}</b> <code>{id}</code>{' '}
          {weakens && <Verdict of="missed">Weakens</Verdict>}
          <span className="block">{says}</span>
          {detail && <span className="soft block">{detail}</span>}
        </li>
      ))}
    </ul>
  )
}

function Edit() {
  const source = useRead('/api/page/source')
  return (
    <section aria-labelledby="edit">
      <h2 id="edit">Apply another</h2>
      <Loaded of={source}>
        {({ page, systems }) => (
          // Another edition in force meanwhile changes what this one is compared with, never what was written.
          <Editor was={{ page: page ?? '', systems: systems ?? '' }} />
        )}
      </Loaded>
    </section>
  )
}

function Editor({ was }: { was: Texts }) {
  const [texts, setTexts] = useState(was)
  const compare = useChange((body: Texts) => kept.post('/api/page/compare', { body }))
  const apply = useChange((body: Texts) => kept.post('/api/page', { body }), changed)
  const isSame = texts.page === was.page && texts.systems === was.systems
  const [forgetComparing, forgetApplying] = [compare.reset, apply.reset]
  // What was compared is of the texts as they were then.
  useEffect(() => {
    forgetComparing()
    forgetApplying()
  }, [texts, forgetComparing, forgetApplying])
  const edit = (name: keyof Texts) => ({
    value: texts[name],
    onChange: (event: React.ChangeEvent<HTMLTextAreaElement>) =>
      setTexts({ ...texts, [name]: event.target.value }),
  })
  const load = (name: keyof Texts) => (event: React.ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0]
    if (file) void file.text().then((text) => setTexts((last) => ({ ...last, [name]: text })))
  }
  const done = apply.data
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        compare.mutate(texts)
      }}
    >
      <Area label="Page (Markdown)" rows={14} {...edit('page')} />
      <p className="file">
        <label>
          or read it from a file{' '}
          <input type="file" accept=".md,.markdown,.txt,text/*" onChange={load('page')} />
        </label>
      </p>
      <Area label="systems.yaml" rows={10} {...edit('systems')} />
      <p className="file">
        <label>
          or read it from a file{' '}
          <input type="file" accept=".yaml,.yml,text/*" onChange={load('systems')} />
        </label>
      </p>
      {!isSame && (
        <>
          <Diff name="The page" from={was.page} to={texts.page} />
          <Diff name="systems.yaml" from={was.systems} to={texts.systems} />
        </>
      )}
      <Problem of={compare.error} />
      {compare.data && !done && (
        <div role="status">
          <h3>What it changes</h3>
          {compare.data.changes.length === 0 ? (
            <p className="soft">No promise changes.</p>
          ) : (
            <Changes changes={compare.data.changes} />
          )}
          <p>
            {compare.data.needsSecond
              ? 'It waits for a second person: applying it proposes it.'
              : 'It is in force at once.'}
          </p>
        </div>
      )}
      <Problem of={apply.error} />
      {done && (
        <p role="status">
          {done.proposal === null ? (
            <>
              Version {done.version} is in force. <Link href="/console">See the board</Link>
            </>
          ) : (
            'It is proposed, and waits above for a second person.'
          )}
        </p>
      )}
      <p className="acts">
        {compare.data && !done ? (
          <button type="button" onClick={() => apply.mutate(texts)} disabled={apply.isPending}>
            {compare.data.needsSecond ? 'Propose it' : 'Apply it'}
          </button>
        ) : (
          <button type="submit" disabled={isSame || compare.isPending || done !== undefined}>
            See what changes
          </button>
        )}
        {!isSame && (
          <button type="button" className="quiet" onClick={() => setTexts(was)}>
            Take it back
          </button>
        )}
      </p>
    </form>
  )
}

/** Lines that come and go, with two lines around each. */
function Diff({ name, from, to }: { name: string; from: string; to: string }) {
  if (from === to) return null
  const pieces = diffLines(from, to)
  return (
    <div className="diff" role="region" aria-label={`How ${name} changes`} tabIndex={0}>
      {pieces.map(({ value, added, removed }, i) => {
        const lines = value.replace(/\n$/, '').split('\n')
        const isFar = !added && !removed && lines.length > 4
        const shown = isFar
          ? [
              ...lines.slice(0, i === 0 ? 0 : 2),
              '…',
              ...lines.slice(i === pieces.length - 1 ? lines.length : -2),
            ]
          : lines
        const sign = added ? '+' : removed ? '−' : ' '
        const [Tag, word] = added
          ? (['ins', 'added: '] as const)
          : removed
            ? (['del', 'removed: '] as const)
            : (['span', ''] as const)
        return (
          // Pieces have no names, and only their order tells them apart.
          // eslint-disable-next-line react/no-array-index-key -- lines of a diff have no other name.
          <Tag key={i}>
            {word && <span className="unseen">{word}</span>}
            {shown.map((line) => `${sign} ${line}\n`).join('')}
          </Tag>
        )
      })}
    </div>
  )
}
