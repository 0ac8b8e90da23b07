import { mkdirSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

// As root the database servers run as another user, who must get through to their directory.
const usual =
  process.getuid?.() === 0 ? '/var/lib/kept-demo' : join(import.meta.dirname, '../../.kept')
const directory = process.env['KEPT_DEMO'] ?? usual
mkdirSync(directory, { recursive: true })
process.stdout.write(
  'Kept: three example companies, each with a Kept of its own, on this machine alone.\n',
)

// Node keeps what it compiled: a second start spends half the time on it. It must be on before the
// first module of ours is loaded, so what follows is imported here and not above.
enableCompileCache(join(directory, 'compiled'))

// What Kept keeps is one thing, what each company runs another, in a region of its own. The servers start
// while the rest is loaded.
const { startCluster } = await import('@kept/postgres')
const { regions } = await import('./regions.ts')
const servers = Promise.all([
  startCluster({ directory: join(directory, 'postgres') }),
  ...Object.entries(regions).map(([letter, { provider, region }]) =>
    startCluster({
      directory: join(directory, `production-${letter.toLowerCase()}`),
      tls: true,
      settings: { 'kept.provider': provider, 'kept.region': region },
    }),
  ),
])
// It is awaited below; until then its failure is nobody's.
servers.catch(() => {})
// In pieces, so that what the servers need of this process gets its turn in between.
for (const piece of ['@kept/ledger', '@kept/page', '@kept/client', '@kept/server']) {
  await import(piece)
  await new Promise(setImmediate)
}
const { runTour } = await import('./run.ts')
try {
  await runTour(directory, servers)
} catch (error) {
  process.stderr.write(`kept: ${explain(error as Error & { code?: string })}\n`)
  for (const server of await servers.catch(() => [])) await server.stop()
  process.exit(2)
}

/** What is nobody's mistake but ours is told with its place in the program. */
function explain({ message, code, stack }: Error & { code?: string }): string {
  if (code !== 'EADDRINUSE') return code === undefined ? (stack ?? message) : message
  return `${message}\n  fix: end what listens there, or set KEPT_DEMO_PORT to another first port`
}
