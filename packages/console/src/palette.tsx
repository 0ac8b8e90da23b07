import { useId, useState } from 'react'
import { useLocation } from 'wouter'
import { kept, queries, signOut, useRead } from './api.ts'
import { Dialog } from './parts.tsx'
import type { Place } from './shell.tsx'

interface Found {
  id: string
  name: string
  kind: 'page' | 'system' | 'claim' | 'action'
  act: () => void
}

/** Finds pages, claims and actions by a few letters. */
export default function Palette({
  places,
  staff,
  close,
}: {
  places: readonly Place[]
  staff: boolean
  close: () => void
}) {
  const [, go] = useLocation()
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const claims = useRead('/api/claims')
  const systems = useRead('/api/subjects', undefined, undefined, staff)
  const list = useId()
  const all: Found[] = [
    ...places.map(({ name, path }): Found => ({
      id: path,
      name,
      kind: 'page',
      act: () => go(path),
    })),
    ...(staff
      ? [
          {
            id: 'look',
            name: 'Have all collectors look now',
            kind: 'action' as const,
            act: () => void lookNow(),
          },
          {
            id: 'verify',
            name: 'Verify the ledger',
            kind: 'action' as const,
            act: () => go('/console/ledger'),
          },
          {
            id: 'invite',
            name: 'Invite somebody',
            kind: 'action' as const,
            act: () => go('/console/people'),
          },
          {
            id: 'ask',
            name: 'Ask to see a tenant’s data',
            kind: 'action' as const,
            act: () => go('/console/grants'),
          },
          {
            id: 'move',
            name: 'Move a tenant',
            kind: 'action' as const,
            act: () => go('/console/moves'),
          },
        ]
      : []),
    ...(staff ? (systems.data?.subjects ?? []) : []).map(({ id: name }): Found => ({
      id: `system ${name}`,
      name,
      kind: 'system',
      act: () => go(`/console/systems/${encodeURIComponent(name)}`),
    })),
    { id: 'out', name: 'Sign out', kind: 'action', act: () => void signOut() },
    ...(claims.data?.claims ?? []).map(({ id, text: name }): Found => ({
      id: `claim ${id}`,
      name,
      kind: 'claim',
      act: () =>
        staff
          ? go(`/console/claims/${encodeURIComponent(id)}`)
          : location.assign(`/claims/${encodeURIComponent(id)}`),
    })),
  ]
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean)
  const found = all
    .filter(({ name, kind }) =>
      wanted.every((word) => `${name} ${kind}`.toLowerCase().includes(word)),
    )
    .slice(0, 12)
  const chosen = Math.min(at, found.length - 1)
  const take = (one: Found | undefined) => {
    if (!one) return
    close()
    one.act()
  }
  const press = (event: React.KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) {
      event.preventDefault()
      setAt((chosen + step + found.length) % Math.max(found.length, 1))
    } else if (event.key === 'Enter') {
      event.preventDefault()
      take(found[chosen])
    }
  }
  return (
    <Dialog title="Find" close={close}>
      <input
        className="find"
        role="combobox"
        aria-label="Pages, claims, actions"
        aria-expanded="true"
        aria-controls={list}
        aria-activedescendant={found[chosen] ? `${list}-${chosen}` : undefined}
        placeholder="Pages, claims, actions"
        autoFocus
        value={text}
        onChange={(event) => {
          setText(event.target.value)
          setAt(0)
        }}
        onKeyDown={press}
      />
      <ul id={list} role="listbox" aria-label="Found" className="found">
        {found.map((one, i) => (
          // The keyboard is the input's: options are only pointed at.
          <li
            key={one.id}
            id={`${list}-${i}`}
            role="option"
            aria-selected={i === chosen}
            onClick={() => take(one)}
            onPointerMove={() => setAt(i)}
          >
            <span>{one.name}</span> <span className="soft">{one.kind}</span>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className="soft">Nothing is called that.</p>}
    </Dialog>
  )
}

async function lookNow(): Promise<void> {
  await kept.post('/api/collect', { body: {} })
  await queries.invalidateQueries()
}
