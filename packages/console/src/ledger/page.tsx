import { decodeEntry, formatTilePath } from '@kept/ledger'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import { kept } from '../api.ts'
import { Empty, Field, Form, Loaded, Page, When } from '../parts.tsx'
import { Verdict } from '../verdict.tsx'
import { verifyLedger, type Remembered, type SeenEntry, type Source, type Step } from './verify.ts'

const memory = 'kept.ledger'

function recall(): Remembered | null {
  const text = localStorage.getItem(memory)
  return text === null ? null : (JSON.parse(text) as Remembered)
}

function openSource(): Source {
  return {
    key: () => kept.get('/ledger/key'),
    async checkpoint() {
      const bytes = await kept.read('/ledger/checkpoint')
      if (!bytes) throw new Error('the server has no checkpoint yet')
      return new TextDecoder().decode(bytes)
    },
    tile(address) {
      const path = formatTilePath(address).slice('tile/'.length)
      return kept.read('/ledger/tile/{path}', { params: { path: { path } } })
    },
    remembered: recall(),
    remember: (what) => localStorage.setItem(memory, JSON.stringify(what)),
  }
}

/** The ledger, verified in this browser before any of it is shown. */
export default function Ledger({ entry, base }: { entry: number | null; base: string }) {
  const asked = entry === null || !Number.isSafeInteger(entry) || entry < 0 ? null : entry
  const verified = useQuery({
    queryKey: ['ledger', asked],
    queryFn: () => verifyLedger(openSource(), asked),
    staleTime: 0,
    retry: false,
  })
  const [, go] = useLocation()
  return (
    <Page
      title="Ledger"
      lede="Whatever is applied, seen, judged or decided here is an entry of a log that nobody can change unseen, not even its owner. This browser checks that by itself; what it cannot know, it says."
    >
      <Loaded of={verified}>
        {({ steps, checkpoint, entries }) => (
          <>
            <Steps steps={steps} />
            <p className="acts">
              <button
                type="button"
                className="quiet"
                onClick={() => void verified.refetch()}
                disabled={verified.isFetching}
              >
                Verify again
              </button>
            </p>
            {checkpoint && checkpoint.size === 0 && (
              <Empty>
                <p>The log is empty. Apply a page, and it is the first entry.</p>
              </Empty>
            )}
            {checkpoint && entries.length > 0 && (
              <>
                <div className="title">
                  <h2>Entries</h2>
                  <Form className="inline" send={({ index }) => go(`${base}/${Number(index)}`)}>
                    <Field
                      label="Go to entry"
                      name="index"
                      type="number"
                      min={0}
                      max={checkpoint.size - 1}
                      required
                      defaultValue={asked ?? ''}
                    />
                    <button type="submit" className="quiet">
                      Go
                    </button>
                  </Form>
                </div>
                <Bundle entries={entries} chosen={asked} base={base} />
                <Turns entries={entries} size={checkpoint.size} base={base} />
              </>
            )}
          </>
        )}
      </Loaded>
    </Page>
  )
}

const words = { holds: 'Holds', fails: 'Broken', open: 'Not provable here' } as const
const verdicts = { holds: 'kept', fails: 'broken', open: 'unproven' } as const

function Steps({ steps }: { steps: readonly Step[] }) {
  const failed = steps.find(({ state }) => state === 'fails')
  return (
    <>
      <p className="ruling" role="status">
        {failed ? (
          <Verdict of="broken">Something does not hold</Verdict>
        ) : (
          <Verdict of="kept">Verified in this browser</Verdict>
        )}
      </p>
      <ol className="steps">
        {steps.map(({ name, state, says }) => (
          <li key={name}>
            <b>{name}</b>
            <Verdict of={verdicts[state]}>{words[state]}</Verdict>
            <p className="soft wrap">{says}</p>
          </li>
        ))}
      </ol>
      {failed && (
        <p>
          What rests on this was not checked. Keep what you see, and ask whoever runs this Kept: the
          log may have been changed.
        </p>
      )}
    </>
  )
}

/** How many rows are open at once: the rest stands behind a button. */
const most = 40

function Bundle({
  entries,
  chosen,
  base,
}: {
  entries: readonly SeenEntry[]
  chosen: number | null
  base: string
}) {
  const [count, setCount] = useState(most)
  const newest = entries.toReversed()
  const at = chosen === null ? 0 : newest.findIndex(({ index }) => index === chosen)
  const end = Math.max(count, at + 10)
  return (
    <>
      <ol className="entries">
        {newest.slice(0, end).map((one) => (
          <Entry key={one.index} entry={one} isChosen={one.index === chosen} base={base} />
        ))}
      </ol>
      {end < newest.length && (
        <button type="button" className="quiet" onClick={() => setCount(end + 100)}>
          Show {Math.min(100, newest.length - end)} more
        </button>
      )}
    </>
  )
}

interface Told {
  action: string
  actor: string
  at: string
  entry: unknown
}

function readTold(bytes: Uint8Array): Partial<Told> | null {
  try {
    return decodeEntry(bytes) as Partial<Told> | null
  } catch {
    return null
  }
}

function Entry({
  entry: { index, bytes, isIn },
  isChosen,
  base,
}: {
  entry: SeenEntry
  isChosen: boolean
  base: string
}) {
  const told = readTold(bytes)
  const at = Date.parse(told?.at ?? '')
  return (
    <li
      className={isChosen ? 'chosen' : ''}
      {...(isChosen ? { 'aria-current': 'true' as const } : {})}
    >
      <div>
        <Link href={`${base}/${index}`} className="mono">
          {index}
        </Link>
        {!Number.isNaN(at) && (
          <span className="soft block">
            <When at={at} />
          </span>
        )}
      </div>
      <div>
        <b>{told?.action ?? 'bytes that are no JSON'}</b>{' '}
        {told?.actor && <span className="soft">by {told.actor}</span>}{' '}
        {!isIn && <Verdict of="broken">Not in the signed log</Verdict>}
        {isChosen ? (
          <pre tabIndex={0}>
            {told ? JSON.stringify(told.entry, null, 2) : `${bytes.length} bytes`}
          </pre>
        ) : (
          <p className="soft clip mono">
            {told ? JSON.stringify(told.entry) : `${bytes.length} bytes`}
          </p>
        )}
      </div>
    </li>
  )
}

/** To the bundles before and after. */
function Turns({
  entries,
  size,
  base,
}: {
  entries: readonly SeenEntry[]
  size: number
  base: string
}) {
  const first = entries[0]?.index ?? 0
  const last = entries.at(-1)?.index ?? 0
  return (
    <p className="acts">
      {last + 1 < size && <Link href={`${base}/${Math.min(size - 1, last + 256)}`}>Newer</Link>}
      {first > 0 && <Link href={`${base}/${first - 1}`}>Older</Link>}
      {first > 0 && <Link href={`${base}/0`}>The first</Link>}
    </p>
  )
}
