import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { codeOf, PostgresFailure, type FailureCode } from './failure.ts'

/** How many bytes the log has: what is written from now on stands behind them. */
export function logSize(file: string): number {
  try {
    return statSync(file).size
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 0
    throw error
  }
}

/** What was written since, at most the last 64 KiB of it. */
export function readLog(file: string, since: number): string {
  if (logSize(file) === 0) return ''
  const descriptor = openSync(file, 'r')
  const { size } = fstatSync(descriptor)
  // A log that was cut in the meantime is shorter than it was.
  const from = Math.max(since > size ? 0 : since, size - 65_536)
  const bytes = Buffer.alloc(size - from)
  readSync(descriptor, bytes, 0, bytes.length, from)
  closeSync(descriptor)
  return bytes.toString('utf8')
}

export function lastLines(text: string, count = 8): string {
  return text.trim().split('\n').slice(-count).join('\n')
}

/** What a line of the log means, first match first. PostgreSQL's messages are English under LC_ALL=C. */
const meanings: readonly [RegExp, FailureCode, string][] = [
  [
    /No space left on device|Disk quota exceeded|disk is full/,
    'disk-full',
    'make room on the disk and start again',
  ],
  [
    /Address already in use/,
    'port-taken',
    'choose another port, or none so that a free one is found',
  ],
  [
    /incompatible with server|not compatible with this version/,
    'other-major-version',
    'use the version that made the directory',
  ],
  [
    /unrecognized configuration parameter|invalid value for parameter|outside the valid range|requires a numeric value|requires a Boolean value|invalid line|could not load library|could not access file "/,
    'bad-setting',
    'correct the setting of that name',
  ],
  [
    /incompatible with operating system|invalid locale|locale .* not (?:found|exist)|collation .* not exist/i,
    'locale',
    'install that locale, or make the cluster anew: ours need none of the system',
  ],
  [
    /wrong ownership|invalid permissions|Permission denied/,
    'directory-foreign',
    'give the data directory, with all it holds, to the user that runs the server, mode 0700',
  ],
  [
    /could not (?:create|map|resize) (?:anonymous )?shared memory|Cannot allocate memory|out of memory/,
    'memory',
    'lower shared_buffers or max_connections, or give the machine more memory',
  ],
]

/** Why the server did not start, by what it wrote. */
export function explainLog(place: string, text: string): PostgresFailure {
  const lines = text.split('\n')
  const told = lines.filter((line) => /FATAL|PANIC|ERROR|initdb: error|could not/.test(line))
  for (const [pattern, code, fix] of meanings) {
    const line = [...told, ...lines].find((one) => pattern.test(one))
    if (line !== undefined) return new PostgresFailure(code, place, trimLine(line), fix)
  }
  const reason = `the server ended while starting. Its last words:\n${lastLines(text)}\n`
  return new PostgresFailure('start-failed', place, reason, 'see the whole log for the cause')
}

/** A line without time and process, and without the SQL of initdb. */
function trimLine(line: string): string {
  return line.replace(/^.*?(FATAL|PANIC|ERROR|LOG|WARNING):\s+/, '').slice(0, 300)
}
