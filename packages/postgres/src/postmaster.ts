import { readFileSync, readlinkSync, realpathSync } from 'node:fs'
import { basename, join } from 'node:path'
import { codeOf } from './failure.ts'

/** What a postmaster says of itself in `postmaster.pid` (miscadmin.h, LOCK_FILE_LINE_*). */
export interface PidFile {
  pid: number
  /** Seconds since 1970. */
  startedAt: number
  port: number
}

export function readPidFile(data: string): PidFile | null {
  const text = readIfThere(join(data, 'postmaster.pid'))
  if (text === null) return null
  const [pid, , startedAt, port] = text.split('\n').map(Number)
  // Its first line is written before the others.
  return pid ? { pid, startedAt: startedAt || 0, port: port || 0 } : null
}

/**
 * When a process began, in the kernel's ticks since boot (proc_pid_stat(5), field 22); null for one that
 * has ended, a zombie among them. Pid and beginning together name a process: the kernel reuses pids.
 */
export function processStart(pid: number): string | null {
  const stat = readIfThere(`/proc/${pid}/stat`)
  if (stat === null) return null
  // The name in parentheses may hold anything, so fields are counted from its end.
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return state === 'Z' || state === 'X' ? null : fields[18]!
}

/** Whether a process is a server that works in this data directory, which a postmaster makes its own. */
export function isPostmaster(pid: number, data: string): boolean {
  if (processStart(pid) === null) return false
  try {
    const program = basename(readlinkSync(`/proc/${pid}/exe`)).replace(/ \(deleted\)$/, '')
    return program === 'postgres' && readlinkSync(`/proc/${pid}/cwd`) === realpathSync(data)
  } catch (error) {
    // Of another user's process the kernel shows neither: then it is none of ours.
    if (['EACCES', 'EPERM', 'ENOENT', 'ESRCH'].includes(codeOf(error) ?? '')) return false
    throw error
  }
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes(codeOf(error) ?? '')) return null
    throw error
  }
}
