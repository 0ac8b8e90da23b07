// A process that owns a cluster, for tests that kill it: `owner.ts <options as JSON>`.
import { PostgresFailure, startCluster, type ClusterOptions } from '../src/index.ts'

process.on('SIGINT', () => {})
process.stdin.on('close', () => process.exit()).resume()
try {
  const cluster = await startCluster(JSON.parse(process.argv[2]!) as ClusterOptions)
  const { pid, port, adopted } = cluster
  console.log(JSON.stringify({ pid, port, adopted, url: cluster.superuserUrl() }))
} catch (error) {
  if (!(error instanceof PostgresFailure)) throw error
  console.log(JSON.stringify({ code: error.code }))
}
