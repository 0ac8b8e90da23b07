import { existsSync } from 'node:fs'
import { serverAccount } from './account.ts'
import { keepCertificate } from './certificate.ts'
import { Cluster } from './cluster.ts'
import { codeOf, PostgresFailure } from './failure.ts'
import { initialise, superuser } from './initdb.ts'
import { openDirectory, type Layout } from './layout.ts'
import { keepPassword } from './password.ts'
import { checkPort } from './port.ts'
import { readPidFile } from './postmaster.ts'
import {
  findPackage,
  installPrograms,
  readProgramVersion,
  removeOldPrograms,
  type ProgramPackage,
} from './programs.ts'
import { adopt, findRunning, launchServer, type Launch, type Server } from './server.ts'
import {
  configure,
  isConfigured,
  renderAccess,
  renderSettings,
  type Configuration,
  type Settings,
} from './settings.ts'
import { own, type Patience } from './supervision.ts'

/** What `onProgress` hears, in this order; which of them depends on what there is. */
export type Step = 'adopt' | 'restart' | 'copy programs' | 'initialise' | 'start'

export interface ClusterOptions {
  /** Made when it does not exist. Everything of the cluster lies in it. */
  directory: string
  /** Of 127.0.0.1; a free one when none is given. */
  port?: number
  /** Settings of postgresql.conf over our defaults; `fsync` is on unless they say otherwise. */
  settings?: Settings
  /** With TLS the network takes nothing else. The certificate is made by itself. */
  tls?: boolean
  /** How long the server waits for another owner when this process dies. 30 when absent. */
  graceSeconds?: number
  /** How long the server may take until it answers, replaying included. 120 when absent. */
  startSeconds?: number
  /** How long a fast shutdown may take before an immediate one. 30 when absent. */
  stopSeconds?: number
  onProgress?: (step: Step) => void
}

/**
 * Runs the cluster of a directory and owns it: takes over the server that a dead owner left running, if
 * it has the same configuration, or starts one, after making the cluster when there is none.
 *
 * @throws PostgresFailure with a code for each way in which this fails
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const patience = readPatience(options)
  const startSeconds = seconds(options.startSeconds, 120, 'startSeconds')
  const programs = findPackage()
  const layout = explainDisk(() => openDirectory(options.directory), options.directory)
  const configuration = render(layout, programs, options)
  const supervision = await own(layout, { ...patience, waitSeconds: startSeconds })
  try {
    const password = keepPassword(layout.password)
    const launch = { layout, supervision, password, startSeconds }
    const server = await provide(launch, programs, configuration, options)
    const rest = { password, tls: options.tls ?? false, patience }
    return new Cluster(layout, server, supervision, rest)
  } catch (error) {
    await supervision.release()
    throw explain(error, layout.directory)
  }
}

function render(layout: Layout, programs: ProgramPackage, options: ClusterOptions): Configuration {
  const tls = options.tls ?? false
  return {
    settings: renderSettings(layout, programs.version, tls, options.settings ?? {}),
    access: renderAccess(superuser, tls),
  }
}

/** The server that runs, if it is what is asked for; a new one otherwise. */
async function provide(
  launch: Launch,
  programs: ProgramPackage,
  configuration: Configuration,
  { port, tls, settings, onProgress = () => {} }: ClusterOptions,
): Promise<Server> {
  const { layout, supervision } = launch
  const running = await findRunning(launch)
  if (running) {
    const samePort = port === undefined || port === readPidFile(layout.data)?.port
    const same = samePort && isConfigured(layout, configuration)
    onProgress(same ? 'adopt' : 'restart')
    if (same) return await adopt(launch, running)
    supervision.stop()
    await running.ending
  }
  if (port !== undefined) await checkPort(port)
  onProgress('copy programs')
  const installed = installPrograms(programs, layout)
  removeOldPrograms(layout, installed)
  const account = serverAccount(layout)
  await readProgramVersion(installed, account)
  if (!existsSync(layout.data)) {
    onProgress('initialise')
    const sync = settings?.['fsync'] !== false
    await initialise(layout, { programs: installed, account, password: launch.password, sync })
  }
  configure(layout, configuration, account)
  if (tls) await keepCertificate(layout, account)
  onProgress('start')
  return await launchServer(launch, installed, account, port)
}

function readPatience(options: ClusterOptions): Patience {
  return {
    graceSeconds: seconds(options.graceSeconds, 30, 'graceSeconds'),
    stopSeconds: seconds(options.stopSeconds, 30, 'stopSeconds'),
    waitSeconds: 30,
  }
}

/** A timer of Node's takes at most 2^31 - 1 milliseconds, and runs at once when given more. */
function seconds(given: number | undefined, fallback: number, name: string): number {
  const value = given ?? fallback
  if (value >= 0 && value <= 2_000_000) return value
  throw new PostgresFailure(
    'bad-option',
    name,
    `${value} is no time to wait`,
    'give seconds, from 0 to 2000000',
  )
}

function explainDisk<T>(work: () => T, place: string): T {
  try {
    return work()
  } catch (error) {
    throw explain(error, place)
  }
}

function explain(error: unknown, place: string): unknown {
  const code = codeOf(error)
  if (error instanceof PostgresFailure || !(error instanceof Error)) return error
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new PostgresFailure('disk-full', place, error.message, 'make room and start again')
  }
  if (code === 'EACCES' || code === 'EPERM') {
    const fix = 'choose a directory that this user may write in'
    return new PostgresFailure('directory-unreachable', place, error.message, fix)
  }
  return error
}
