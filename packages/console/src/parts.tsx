import { ClientFailure } from '@kept/client'
import type { UseQueryResult } from '@tanstack/react-query'
import {
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
  type FormEvent,
  type ReactNode,
} from 'react'
import { sayDistance, sayTime, useNow } from './time.ts'

/** A page: its title is the document's, and where a reader of the screen begins. */
export function Page({
  title,
  lede,
  beside,
  children,
}: {
  title: string
  lede?: ReactNode
  beside?: ReactNode
  children: ReactNode
}) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} · Kept`
  }, [title])
  return (
    <>
      <div className="title">
        <h1 ref={heading}>{title}</h1>
        {beside}
      </div>
      {lede && <p className="lede">{lede}</p>}
      {children}
    </>
  )
}

/** What a query has, or how it stands with it. */
export function Loaded<T>({
  of,
  children,
}: {
  of: UseQueryResult<T>
  children: (data: T) => ReactNode
}) {
  if (of.data !== undefined) return <>{children(of.data)}</>
  if (of.error) return <Problem of={of.error} />
  return (
    <p className="soft" role="status">
      Reading …
    </p>
  )
}

/** What went wrong, and what to do about it. */
export function Problem({ of }: { of: unknown }) {
  if (!of) return null
  const isKnown = of instanceof ClientFailure
  const errors = isKnown ? ((of.problem as { errors?: string[] } | null)?.errors ?? []) : []
  return (
    <div className="problem" role="alert">
      <p>{capital(of instanceof Error ? of.message : (of as string))}.</p>
      {errors.length > 1 && (
        <ul>
          {errors.map((error) => (
            <li key={error}>{error}</li>
          ))}
        </ul>
      )}
      {isKnown && of.fix && <p className="soft">{capital(of.fix)}.</p>}
    </div>
  )
}

export function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}

/** Nothing is here yet: why, and what to do next. */
export function Empty({ children }: { children: ReactNode }) {
  return <div className="empty">{children}</div>
}

export function When({ at, distance = false }: { at: number; distance?: boolean }) {
  return (
    <time dateTime={new Date(at).toISOString()} title={new Date(at).toISOString()}>
      {distance ? <Distance at={at} /> : sayTime(at)}
    </time>
  )
}

function Distance({ at }: { at: number }) {
  return <>{sayDistance(at, useNow())}</>
}

type Said = { label: string; says?: ReactNode }
/** What ties a control to its label and to what is said of it. */
type Tied = { id: string; 'aria-describedby'?: string }

function Labelled({ label, says, control }: Said & { control: (tied: Tied) => ReactNode }) {
  const id = useId()
  return (
    <p className="field">
      <label htmlFor={id}>{label}</label>
      {control({ id, ...(says ? { 'aria-describedby': `${id}-says` } : {}) })}
      {says && (
        <span className="says" id={`${id}-says`}>
          {says}
        </span>
      )}
    </p>
  )
}

export function Field({
  label,
  says,
  ...input
}: Said & React.InputHTMLAttributes<HTMLInputElement>) {
  return <Labelled label={label} says={says} control={(tied) => <input {...input} {...tied} />} />
}

export function Area({
  label,
  says,
  ...area
}: Said & React.TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return (
    <Labelled
      label={label}
      says={says}
      control={(tied) => <textarea spellCheck={false} {...area} {...tied} />}
    />
  )
}

export function Select({
  label,
  children,
  ...select
}: { label: string; children: ReactNode } & React.SelectHTMLAttributes<HTMLSelectElement>) {
  const id = useId()
  return (
    <p className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} {...select}>
        {children}
      </select>
    </p>
  )
}

export function Check({
  label,
  says,
  ...input
}: { label: string; says?: ReactNode } & React.InputHTMLAttributes<HTMLInputElement>) {
  const id = useId()
  return (
    <p className="check">
      <input
        type="checkbox"
        id={id}
        {...input}
        {...(says ? { 'aria-describedby': `${id}-says` } : {})}
      />
      <label htmlFor={id}>{label}</label>
      {says && (
        <span className="says" id={`${id}-says`}>
          {says}
        </span>
      )}
    </p>
  )
}

/** A form whose fields are read by name when it is sent. */
export function Form({
  send,
  children,
  className,
}: {
  send: (fields: Record<string, string>, form: HTMLFormElement) => void
  children: ReactNode
  className?: string
}) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const fields = [...new FormData(form)].map(([name, value]) => [
      name,
      typeof value === 'string' ? value : value.name,
    ])
    send(Object.fromEntries(fields) as Record<string, string>, form)
  }
  return (
    <form onSubmit={submit} className={className} noValidate={false}>
      {children}
    </form>
  )
}

/** The browser's own dialog: it keeps the focus and closes by Escape. */
export function Dialog({
  title,
  close,
  children,
}: {
  title: string
  close: () => void
  children: ReactNode
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  // While it is still there it is closed by itself, so that the focus goes back to where it was.
  useLayoutEffect(() => {
    const element = dialog.current!
    element.showModal()
    return () => element.close()
  }, [])
  const cancel = (event: React.SyntheticEvent) => {
    event.preventDefault()
    close()
  }
  return (
    <dialog ref={dialog} onCancel={cancel} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  )
}

/** Something that cannot be taken back is asked twice. */
export function Twice({
  label,
  asks,
  act,
  busy = false,
}: {
  label: string
  asks: string
  act: () => void
  busy?: boolean
}) {
  const [isAsking, setAsking] = useState(false)
  // The button stays: the focus goes back to it.
  return (
    <>
      <button type="button" className="quiet" onClick={() => setAsking(true)} disabled={busy}>
        {label}
      </button>
      {isAsking && (
        <Dialog title={label} close={() => setAsking(false)}>
          <p>{asks}</p>
          <p className="acts">
            <button
              type="button"
              onClick={() => {
                setAsking(false)
                act()
              }}
            >
              {label}
            </button>
            <button type="button" className="quiet" onClick={() => setAsking(false)}>
              Cancel
            </button>
          </p>
        </Dialog>
      )}
    </>
  )
}

/** Rows under their heads, which scrolls by itself where it is wider than the page, by the keyboard too. */
export function Table({
  label,
  heads,
  children,
}: {
  label: string
  heads: readonly string[]
  children: ReactNode
}) {
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={label}>
      <table>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head}>{head}</th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  )
}

/** A value to take elsewhere, by a button that copies it; a secret among them is shown once. */
export function ToCopy({ label, value }: { label: string; value: string }) {
  const [isCopied, setCopied] = useState(false)
  const id = useId()
  const copy = async () => {
    await navigator.clipboard.writeText(value)
    setCopied(true)
  }
  return (
    <p className="field once">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        readOnly
        value={value}
        className="mono"
        onFocus={(event) => event.target.select()}
      />
      <button
        type="button"
        onClick={() => void copy().catch(() => document.getElementById(id)?.focus())}
      >
        {isCopied ? 'Copied' : 'Copy'}
        <span className="unseen">: {label}</span>
      </button>
    </p>
  )
}

/** The ten codes, which are never shown again. */
export function RecoveryCodes({ codes }: { codes: readonly string[] }) {
  const text = `${codes.join('\n')}\n`
  return (
    <>
      <p>
        Each of these lets you in once when your telephone is gone. They are shown now and never
        again: print them, or keep them where your passwords are.
      </p>
      <ul className="codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <p className="acts">
        <button type="button" onClick={() => void navigator.clipboard.writeText(text)}>
          Copy all
        </button>
        <a
          className="button quiet"
          download="kept-recovery-codes.txt"
          href={`data:text/plain,${encodeURIComponent(text)}`}
        >
          Save as a file
        </a>
      </p>
    </>
  )
}
