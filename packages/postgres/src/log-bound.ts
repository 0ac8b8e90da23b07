import { copyFileSync, statSync, truncateSync } from 'node:fs'

/** How large the server's log becomes before it is moved aside; two of them are kept. */
const logLimit = 8 * 1024 * 1024

/**
 * Keeps the log within its bound. It is copied and cut, not renamed: the server holds it open, and
 * appends, so it goes on at the new end. What is written between the two calls is lost.
 */
export function boundLog(file: string, limit = logLimit): void {
  try {
    if (statSync(file).size <= limit) return
    copyFileSync(file, `${file}.1`)
  } catch {
    // No room for the copy: the bound is what matters on a full disk.
  }
  truncateSync(file)
}
