import pino, { type Logger } from 'pino'
import { Failure } from './foundation/failure.ts'

export type Log = Logger

/** What a line of the log may hold: nothing else is written, so that no secret slips in by accident. */
const facts = [
  'method',
  'route',
  'status',
  'ms',
  'requestId',
  'actor',
  'action',
  'job',
  'code',
  'note',
  'address',
  'version',
  'stack',
  'count',
  'says',
] as const

type Fact = (typeof facts)[number]
export type Facts = Partial<Record<Fact, string | number>>

export function openLog(level: string, destination?: pino.DestinationStream): Log {
  const options: pino.LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: {
      level: (label) => ({ level: label }),
      log: (object) =>
        Object.fromEntries(facts.flatMap((name) => (name in object ? [[name, object[name]]] : []))),
    },
  }
  return destination ? pino(options, destination) : pino(options)
}

/** An error as facts: its code and where it arose. The message of a foreign error may hold anything. */
export function factsOf(error: unknown): Facts {
  const cause = error instanceof Failure && error.cause instanceof Error ? error.cause : error
  const code = (error as { code?: unknown }).code
  const inner = (cause as { code?: unknown }).code
  return {
    code: [code, inner === code ? null : inner].filter(Boolean).join(' '),
    ...(cause instanceof Error ? { stack: frames(cause) } : {}),
    ...(error instanceof Failure ? { says: error.message } : {}),
  }
}

function frames(error: Error): string {
  const lines = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return [error.name, ...lines.slice(0, 12).map((line) => line.trim())].join(' | ')
}
