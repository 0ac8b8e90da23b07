/** What a company runs and has: the sections of systems.yaml, and what one entry of each is called. */
export const sections = {
  databases: 'database',
  stores: 'store',
  services: 'service',
  endpoints: 'endpoint',
  repositories: 'repository',
  providers: 'provider',
  accounts: 'account',
  environments: 'environment',
  people: 'people',
  devices: 'devices',
  monitors: 'monitor',
  desks: 'desk',
  documents: 'document',
} as const

export type SubjectType = (typeof sections)[keyof typeof sections]

export const subjectTypes = Object.values(sections)

/** What an entry of each section is, for explanations. */
export const subjectMeanings: Record<SubjectType, string> = {
  database: 'a database cluster',
  store: 'an object store, volume or backup target',
  service: 'a program of the company that runs',
  endpoint: 'an address that the outside reaches',
  repository: 'a source repository and its pipeline',
  provider: 'a company whose service is used',
  account: 'an account at a cloud provider, with what runs in it',
  environment: 'an environment such as production or staging',
  people: 'a list of accounts: the staff directory, GitHub, Slack',
  devices: 'a fleet of laptops or phones',
  monitor: 'a log, metric or alert pipeline',
  desk: 'a mailbox or form where people ask and report',
  document: 'a policy, certificate or report on file',
}

/** One of the company's systems: what evidence speaks of. Unique by `id` in its register. */
export interface Subject {
  id: string
  type: SubjectType
  /** The provider, environment and regions as systems.yaml names them. */
  provider: string | null
  environment: string | null
  regions: readonly string[]
  tags: readonly string[]
}

/** A subject with what a collector needs to look at it. */
export interface System extends Subject {
  /** How to reach it: a host, URL or mailbox. */
  address: string | null
  /** The name under which the runtime finds what opens it; never the secret itself. */
  secret: string | null
}

/** Who holds the key of a runner. A person's word is `attested`, never `kept`. */
export const holders = ['collector', 'workload', 'person'] as const
export type Holder = (typeof holders)[number]

/** Somebody or something that may speak of certain kinds and subjects. */
export interface Runner {
  id: string
  holder: Holder
  /** How the page names a person: `the CTO`. */
  name: string | null
  /** Kinds of evidence, exactly or by family: `database.*`; `*` is every kind. */
  kinds: readonly string[]
  /** Subject ids; `*` is every subject. */
  subjects: readonly string[]
}

/** A runner with the public key its signatures are checked with; null for one that runs inside Kept. */
export interface KeyedRunner extends Runner {
  key: string | null
}

/** What a judge needs to know of the company's systems. */
export interface Register {
  subjects: readonly Subject[]
  runners: readonly Runner[]
  /**
   * What of systems.yaml could not be read, each with its line: a system may be missing, or taken out
   * of a promise. By such a register no promise is better than `unproven`.
   */
  unread: readonly string[]
}

/** All that systems.yaml says: a register whose systems can be reached and whose runners can be known. */
export interface Systems extends Register {
  subjects: readonly System[]
  runners: readonly KeyedRunner[]
}

export const emptyRegister: Register = { subjects: [], runners: [], unread: [] }

/** Whether a runner was registered for a kind of evidence about a subject. */
export function maySpeak(runner: Runner, kind: string, subject: string): boolean {
  const family = `${kind.split('.')[0]}.*`
  return (
    runner.kinds.some((known) => known === '*' || known === kind || known === family) &&
    runner.subjects.some((known) => known === '*' || known === subject)
  )
}
