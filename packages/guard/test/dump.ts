import { escapeLiteral } from 'pg'

/** A plain dump of pg_dump as statements: each COPY becomes INSERTs, for a client that knows no COPY. */
export function statementsOf(dump: string): string[] {
  const statements: string[] = []
  let rest = dump
  for (;;) {
    const copy = /^COPY (.+ \(.*\)) FROM stdin;\n/m.exec(rest)
    if (!copy) return [...statements, rest.replaceAll(/^\\.*$/gm, '')]
    statements.push(rest.slice(0, copy.index).replaceAll(/^\\.*$/gm, ''))
    const start = copy.index + copy[0].length
    const end = rest.startsWith('\\.', start) ? start : rest.indexOf('\n\\.', start) + 1
    const lines = rest.slice(start, end).split('\n').filter(Boolean)
    for (let at = 0; at < lines.length; at += 1000) {
      const rows = lines
        .slice(at, at + 1000)
        .map((line) => `(${line.split('\t').map(valueOf).join(', ')})`)
      statements.push(`insert into ${copy[1]} values ${rows.join(', ')}`)
    }
    rest = rest.slice(end + 3)
  }
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
}

function valueOf(field: string): string {
  if (field === '\\N') return 'null'
  return escapeLiteral(field.replaceAll(/\\(.)/g, (_, letter: string) => escapes[letter] ?? letter))
}
