import { useSyncExternalStore } from 'react'

/** The page's time zone, once it is known, and how far this machine's clock is behind Kept's. */
let zone: string | undefined
let behind = 0

/** Times are said as the page says them, and clocks count down by the time that judges them. */
export function setTime(timeZone: string, behindBy: number): void {
  zone = timeZone
  behind = behindBy
}

/** The zone in which times are said. */
export function sayZone(): string {
  return (zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone).replaceAll('_', ' ')
}

function parts(at: number) {
  const format = new Intl.DateTimeFormat('en-GB', {
    ...(zone === undefined ? {} : { timeZone: zone }),
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  return Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
}

/** `20 Nov, 13:04`, and the year where it is another. */
export function sayTime(at: number): string {
  const { day, month, year, hour, minute } = parts(at)
  const isSame = year === parts(Date.now())['year']
  return `${day} ${month!.slice(0, 3)}${isSame ? '' : ` ${year}`}, ${hour}:${minute}`
}

/** `3 d 4 h`, `12 min 4 s`: two units say enough. */
export function saySpan(milliseconds: number): string {
  const seconds = Math.floor(Math.abs(milliseconds) / 1000)
  const units: [number, string][] = [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'min'],
    [1, 's'],
  ]
  const first = units.findIndex(([size]) => seconds >= size)
  if (first === -1) return '0 s'
  const [[size, name], next] = [units[first]!, units[first + 1]]
  const rest = next ? Math.floor((seconds % size) / next[0]) : 0
  return `${Math.floor(seconds / size)} ${name}${next && rest > 0 ? ` ${rest} ${next[1]}` : ''}`
}

/** `3 min ago`, `in 2 d`. */
export function sayDistance(at: number, now: number): string {
  if (Math.abs(at - now) < 1000) return 'now'
  return at > now ? `in ${saySpan(at - now)}` : `${saySpan(now - at)} ago`
}

let now = Date.now()
const tell = () => now + behind
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

function listen(heard: () => void): () => void {
  listeners.add(heard)
  timer ??= setInterval(() => {
    now = Date.now()
    for (const one of listeners) one()
  }, 1000)
  return () => {
    listeners.delete(heard)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** Kept's time, as far as it is known here. */
export function nowThere(): number {
  return Date.now() + behind
}

/** Kept's time, once a second. */
export function useNow(): number {
  return useSyncExternalStore(listen, tell)
}
