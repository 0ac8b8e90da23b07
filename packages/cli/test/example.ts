/** A small company with one promise of nearly every verdict. */
export const page = `---
company: Example Inc
---

# Security

[TLS 1.2 or newer everywhere](kept:encryption.in-transit?min=1.2#tls).
[Nothing is served unencrypted](kept:encryption.https-only#https).
[Every disk is encrypted](kept:encryption.at-rest#disks).
[A backup is made each day](kept:backup?every=24h#backup).
[Two engineers review each change](kept:changes.reviewed?min=2#review).
`

export const systems = `endpoints:
  api: { environment: production }
databases:
  main: { provider: aws }
repositories:
  app: {}
runners:
  ci: { holder: workload, kinds: "*", subjects: "*" }
`

function seen(id: string, kind: string, subject: string, observedAt: string, measured: object) {
  const outcome = 'pass'
  return JSON.stringify({ id, kind, subject, outcome, observedAt, runner: 'ci', measured })
}

const tls = { lowestAccepted: 1.2, validUntil: '2027-01-01T00:00:00Z', chainTrusted: true }
const plain = { tried: 4, servedPlain: 1, hstsSeconds: 31_536_000 }

/** TLS holds, plain requests are answered: one promise is kept and one is broken. */
export const evidence = `${[
  seen('1', 'endpoint.tls', 'api', '2026-11-20T10:00:00Z', tls),
  seen('2', 'endpoint.plain', 'api', '2026-11-20T10:00:00Z', plain),
].join('\n')}\n`

export const files = { 'security.md': page, 'systems.yaml': systems, 'evidence.jsonl': evidence }

export const everything = [
  'check',
  'security.md',
  '--systems',
  'systems.yaml',
  '--evidence',
  'evidence.jsonl',
]

/** The same company with only the promise that is kept. */
export const keptPage = page.split('\n').slice(0, 7).join('\n')
