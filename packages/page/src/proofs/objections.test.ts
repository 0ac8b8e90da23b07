import { describe, expect, it } from 'vitest'
import { decodeMeasured } from '../judge/admit.ts'
import { exampleParams } from '../../test/world.ts'
import { readValue, type Value } from '../params.ts'
import type { Measure } from '../evidence.ts'
import { findProof, proofs } from './index.ts'

type Facts = Readonly<Record<string, Measure>>

/**
 * A promise, what is changed in the good evidence of its proof, and the one objection to that. Without
 * parameters it is the proof's own example. `given` is changed before, and breaks nothing.
 */
type Row = readonly [promise: string, change: Facts, says: string, given?: Facts]

const rows: readonly Row[] = [
  // tenancy and isolation
  ['tenancy.shared', { sharedTenants: 1 }, '1 tenant on it: nobody shares it'],
  ['tenancy.shared', { dedicatedTenants: 1 }, '1 tenant on a database of their own'],
  ['tenancy.dedicated', { misrouted: 2 }, '2 rows of a dedicated tenant in a database of others'],
  ['tenancy.segregated', { tables: 0 }, 'no table with customer data was found'],
  ['tenancy.segregated', { uncovered: 1 }, '1 way around the row policies'],
  ['tenancy.segregated', { keys: ['branch'] }, 'some tables are separated by branch'],
  ['tenancy.isolated', { operations: 0 }, 'no operation was tried'],
  ['tenancy.isolated', { crossed: 1 }, '1 operation crossed between customers'],
  ['tenancy.isolated', { tables: 0 }, 'no table with customer data was found'],
  ['tenancy.isolated', { uncovered: 2 }, '2 ways around the row policies'],
  ['tenancy.authorized', { undecided: 1 }, '1 request served without a decision'],
  ['api.inventory', { routes: 0 }, 'no route was found'],
  ['api.inventory', { undocumented: 1 }, '1 route served but not documented'],
  ['api.inventory', { unserved: 1 }, '1 route documented but not served'],
  ['api.reviewed', { routes: 0 }, 'no route was found'],
  ['api.reviewed', { open: 1 }, '1 route not denied by default'],
  ['api.reviewed', { reviewed: 0 }, 'no route was reviewed'],
  ['api.reviewed', { reviewedOn: 'spring' }, 'its date "spring" is no day'],
  ['clusters.reviewed', { unreviewed: 1 }, '1 cluster created without review'],
  ['clusters.reviewed', { regions: ['us-east-1'] }, 'us-east-1 lies outside ap-south-1'],
  ['residency', { regions: [] }, 'its region is not known'],
  ['residency', { regions: ['us-east-1'] }, 'us-east-1 lies outside ireland'],
  [
    'residency?regions=ireland&provider=aws',
    { provider: 'heroku' },
    'it is at heroku',
    { provider: 'AWS' },
  ],
  ['residency', { elsewhereRefused: false }, 'one like it could be created elsewhere'],
  ['residency.processors', { regions: [] }, 'its region is not known'],
  ['residency.processors', { regions: ['us-east-1'] }, 'us-east-1 lies outside europe'],

  // identity
  ['password.minimum', { shortAccepted: 1 }, '1 password that should be refused accepted'],
  ['password.minimum', { minimumLength: 1025 }, '1025 as a least length cannot be'],
  ['password.minimum', { minimumLength: 11 }, 'the least length is 11, promised 12'],
  ['password.minimum', { older: 1 }, '1 account with a password older than this rule'],
  ['password.policy', { minimumLength: 11 }, 'passwords of 11 characters are accepted'],
  ['password.policy', { minimumLength: 1025 }, '1025 as a least length cannot be'],
  ['password.hashed', { weak: 1 }, '1 password not hashed by a slow function'],
  ['password.hashed?with=bcrypt,md5', { functions: ['bcrypt', 'MD5'] }, 'MD5 is no slow function'],
  [
    'password.hashed?',
    { hashes: 1 },
    'more functions than passwords cannot be',
    { hashes: 2, functions: ['bcrypt', 'argon2id'] },
  ],
  ['password.hashed', { functions: ['argon2id'] }, 'some are hashed with argon2id'],
  ['mfa.staff', { accounts: 0 }, 'the list has no account'],
  ['mfa.staff', { without: 1 }, '1 account without a second factor'],
  ['mfa.staff', { unknown: 1 }, '1 account whose second factor is not known'],
  ['mfa.accounts', { accounts: 0 }, 'the list has no account'],
  ['mfa.accounts', { without: 1 }, '1 account without a second factor'],
  ['mfa.accounts', { unknown: 1 }, '1 account whose second factor is not known'],
  ['mfa.tenant', { tried: 0 }, 'no way of signing in was tried'],
  ['mfa.tenant', { bypassed: 1 }, '1 way of signing in without the second factor'],
  ['sso?', { signedInWith: [] }, 'no sign-in worked'],
  ['sso', { foreignAccepted: 1 }, '1 sign-in through another customer’s provider accepted'],
  ['sso', { signedInWith: ['saml'] }, 'no sign-in with google worked'],
  ['session.timeout', { idleSeconds: 1801 }, 'a session lived 30 min 1 s without use'],
  [
    'session.lifetime',
    { lifetimeSeconds: 43_201 },
    'a session lived 12 h in use',
    { lifetimeSeconds: 43_200 },
  ],
  ['roles', { tried: 0 }, 'no operation was tried'],
  ['roles', { roles: 1 }, 'there are no two roles'],
  ['roles', { exceeded: 1 }, '1 operation allowed to a role that may not'],
  ['ip-allow-list', { lists: 1 }, '1 customer allow-list in force'],
  ['ip-allow-list', { supported: true }, 'customers can set allow-lists'],
  [
    'ip-allow-list?offered=yes',
    { supported: false },
    'customers cannot set allow-lists',
    { supported: true },
  ],
  [
    'ip-allow-list?offered=yes',
    { passed: 1 },
    '1 request from an address that is not listed answered',
    { supported: true },
  ],
  ['addresses.published', { published: [] }, 'no address is published'],
  ['addresses.published', { unlisted: ['198.51.100.9'] }, 'in use but not published: 198.51.100.9'],

  // access
  ['access.need-to-know', { standing: 1 }, '1 standing grant'],
  ['access.need-to-know', { incomplete: 1 }, '1 grant without reason, approver or end'],
  ['access.approval', { unapproved: 1 }, '1 grant without approval'],
  ['access.approval', { approvers: ['peer'] }, 'approved by peer'],
  ['access.review', { reviewed: 0 }, 'nothing was reviewed'],
  ['access.review', { notRevoked: 1 }, '1 account to be revoked still there'],
  ['access.limit', { people: 6 }, '6 people have access, promised at most 5'],
  ['access.limit', { groups: ['DevOps', 'sales'] }, 'sales can reach it too'],
  ['access.limit', { excessRefused: false }, 'one more would be let in'],
  [
    'access.limit?max=0',
    { groups: ['devops', 'sales'] },
    'nobody in devops, sales cannot be: a group has people',
    { people: 0, groups: [] },
  ],
  ['access.database', { people: 3 }, '3 people have access, promised at most 2'],
  ['access.database', { groups: ['cto', 'sales'] }, 'sales can reach it too'],
  [
    'access.database',
    { people: 0 },
    'nobody in cto, lead-engineer cannot be: a group has people',
    { people: 1 },
  ],
  ['access.second-factor', { without: 1 }, '1 grant issued without a second factor'],
  ['access.second-factor', { probeRefused: false }, 'a probe without a second factor was let in'],
  ['access.timeboxed', { endless: 1 }, '1 grant without an end'],
  [
    'access.timeboxed',
    { longestMinutes: 481 },
    'a grant lasted 8 h 1 min, promised at most 8 h',
    { longestMinutes: 480 },
  ],
  ['access.consent', { withoutConsent: 1 }, '1 read by a person without the customer’s consent'],
  ['devices.encrypted', { devices: 0 }, 'no computer is known'],
  ['devices.encrypted', { unencrypted: 1 }, '1 computer without disk encryption'],
  ['devices.encrypted', { silent: 1 }, '1 computer without a recent report'],
  ['devices.protected', { devices: 0 }, 'no computer is known'],
  ['devices.protected', { unprotected: 1 }, '1 computer without protection'],
  ['staff.trained', { people: 0 }, 'the list has nobody on it'],
  ['staff.trained', { untrained: 1 }, '1 person not trained'],
  ['staff.screened', { people: 0 }, 'the list has nobody on it'],
  ['staff.screened', { unscreened: 1 }, '1 person without a background check'],
  ['staff.bound', { people: 0 }, 'the list has nobody on it'],
  ['staff.bound', { unsigned: 1 }, '1 person without a signed agreement'],

  // transport and vault
  ['encryption.in-transit', { chainTrusted: false }, 'its certificate is not trusted'],
  ['encryption.in-transit', { lowestAccepted: 1.4 }, 'there is no TLS 1.4'],
  ['encryption.in-transit', { lowestAccepted: 1.1 }, 'TLS 1.1 is accepted, promised 1.2 or newer'],
  ['encryption.https-only', { tried: 0 }, 'no plain request was tried'],
  ['encryption.https-only', { servedPlain: 1 }, '1 plain request answered with content'],
  [
    'encryption.https-only',
    { hstsSeconds: 15_551_999 },
    'Strict-Transport-Security is absent or under 180 days',
    { hstsSeconds: 15_552_000 },
  ],
  ['tls.suites', { ciphers: [] }, 'no suite was negotiated'],
  [
    'tls.suites?cipher=aes-256-gcm',
    { ciphers: ['AES_256_GCM', 'aes-256-cbc'] },
    'aes-256-cbc is accepted too',
    { ciphers: ['AES_256_GCM'] },
  ],
  ['tls.suites?exchange=ecdhe-rsa', { exchanges: ['rsa'] }, 'rsa is accepted too'],
  ['tls.suites', { leastBits: 128 }, 'a 128-bit cipher is accepted, promised 256'],
  ['tls.suites', { ciphers: ['aes-128-gcm'] }, 'a 128-bit cipher is accepted, promised 256'],
  ...['rc4', '3des-cbc', 'null', 'des-cbc', 'export-40'].map((cipher): Row => [
    'tls.suites?bits=128',
    { ciphers: ['aes-128-gcm', cipher] },
    `${cipher} is accepted too`,
    { leastBits: 128 },
  ]),
  ['tls.suites', { leastBits: 257 }, '257 bits cannot be'],
  ['tls.grade', { grade: 'Z' }, 'there is no grade Z'],
  ['tls.grade', { grade: 'A-' }, 'graded A-, promised A', { grade: 'a' }],
  ['encryption.database-connections', { plain: 1 }, '1 unencrypted session'],
  [
    'encryption.database-connections',
    { plainRefused: false },
    'an unencrypted connection is accepted',
  ],
  ['encryption.at-rest', { encrypted: false }, 'it is not encrypted'],
  [
    'encryption.at-rest',
    { cipher: 'aes-256-ecb' },
    'aes-256-ecb is no cipher that is known to be sound',
  ],
  [
    'encryption.at-rest?with=aes-256',
    { cipher: 'AES_128' },
    'encrypted with AES_128, promised aes-256',
    { cipher: 'AES 256' },
  ],
  ['encryption.app-only', { people: 1 }, '1 person able to decrypt'],
  ['encryption.app-only', { probeRefused: false }, 'a probe as a person was allowed to decrypt'],
  ['encryption.tenant-key', { sharing: 1 }, '1 customer without a key of their own'],
  ['encryption.tenant-key?own=yes', { ownKeys: false }, 'a customer’s own key did not work'],
  ['keys.rotated', { keys: 0 }, 'no key was replaced'],
  ['keys.rotated', { left: 1 }, '1 key left as before'],

  // registers
  ['inventory?only=aws', { providers: ['aws', 'ovh'] }, 'there are resources at ovh'],
  [
    'inventory',
    { resources: 1 },
    'more providers than resources cannot be',
    { resources: 2, providers: ['aws', 'AWS', 'heroku'] },
  ],
  ['inventory', { present: ['Physical Servers'] }, 'found: physical-servers'],
  ['provider', { resources: 0 }, 'nothing of ours runs there'],
  ['provider', { states: ['isolation'] }, 'its statement does not say: physical-security'],
  ['provider.certified', { certificates: ['soc-2'] }, 'not on file: iso-27001'],
  [
    'certificate?standard=iso-27001&until=2100-03-01',
    { validUntil: '2100-02-27T12:00:00Z' },
    'it is good until 2100-02-27, the page says 2100-03-01',
    { validUntil: '2100-03-01T12:00:00Z' },
  ],
  [
    'certificate?standard=soc-2&from=2026-01-01',
    { from: '2026-02-01' },
    'its period begins 2026-02-01, the page says 2026-01-01',
    { from: '2026-01-01' },
  ],
  [
    'certificate?standard=soc-2&to=2026-12-31',
    { to: '2026-11-30' },
    'its period ends 2026-11-30, the page says 2026-12-31',
    { to: '2026-12-31' },
  ],
  ['certificate', { edition: 2013 }, 'it is for the 2013 edition, promised 2022'],
  [
    'certificate?standard=soc-2&scope=privacy',
    { scope: ['security'] },
    'it does not cover privacy',
    { scope: ['Privacy'] },
  ],
  [
    'certificate?standard=soc-2',
    { to: '2025-12-31' },
    'its period ends 2025-12-31, before it begins',
    { from: '2026-01-01', to: '2026-01-01' },
  ],
  ['certificate?standard=iso-27001', { edition: 1 }, 'there is no 1 edition', { edition: 1987 }],
  ['certificate?standard=iso-27001', { edition: 2101 }, '2101 as an edition cannot be'],
  ['attested', { by: 'intern' }, 'said by intern, not by cto', { by: 'CTO' }],

  // changes and findings
  ['changes.reviewed', { leastApprovals: 1 }, 'a change went out with 1 approval, promised 2'],
  [
    'changes.reviewed?min=2&risk=high',
    { leastRiskyApprovals: 1 },
    'a change went out with 1 approval, promised 2',
    { leastApprovals: 1 },
  ],
  [
    'changes.reviewed',
    { riskyChanges: 49 },
    'more high-risk changes than changes cannot be',
    { riskyChanges: 48 },
  ],
  [
    'changes.reviewed?min=1',
    { leastRiskyApprovals: 1 },
    'fewer approvals of a high-risk change than of any change cannot be',
    { leastRiskyApprovals: 2 },
  ],
  [
    'changes.reviewed',
    { leastApprovals: 10_001 },
    '10001 approvals of one change cannot be',
    { riskyChanges: 0, leastApprovals: 10_000 },
  ],
  [
    'changes.reviewed',
    { leastRiskyApprovals: 10_001 },
    '10001 approvals of one high-risk change cannot be',
    { leastRiskyApprovals: 10_000 },
  ],
  ['changes.signed-off', { unsigned: 1 }, '1 deployment without a signature'],
  ['changes.signed-off', { signers: ['cto', 'intern'] }, 'signed by intern'],
  ['changes.tested', { untested: 1 }, '1 release without its tests'],
  ['changes.tested', { kinds: ['automated'] }, 'no manual test on record'],
  [
    'changes.tested?by=additional&risk=high',
    { riskyKinds: [] },
    'no additional test on record',
    { riskyKinds: ['Additional'] },
  ],
  ['changes.scanned?', { caught: [] }, 'no seeded bug was found'],
  ['changes.scanned', { caught: ['xss'] }, 'seeded bugs not found: sql-injection'],
  ['updates.released', { fixes: 0 }, 'nothing was released'],
  ['environments', { sharedCredentials: 1 }, '1 credential shared with another environment'],
  ['environments', { customerDataFromProduction: true }, 'it holds customer data from production'],
  ['findings.retested', { retestedBy: 'outside-team' }, 'not retested by the vendor'],
  [
    'findings.retested?by=outside-team',
    { retestedBy: 'author' },
    'not retested by somebody outside the team',
    { retestedBy: 'Outside Team' },
  ],
  ['findings.retested', { report: null }, 'no retest report on file', { retestedBy: 'Vendor' }],
  ['pentest', { tester: 'internal' }, 'tested by internal only', { tester: 'Third Party' }],
  ['pentest.scope', { covered: ['session'] }, 'not covered: owasp-top-10'],
  [
    'pentest.scope?covers=session&edition=2021',
    { edition: 2017 },
    'tested against the 2017 edition',
    { edition: 2021 },
  ],
  ['pentest.scope', { edition: 2002 }, 'there is no 2002 edition', { edition: 2003 }],
  ['pentest.scope', { edition: 2101 }, '2101 as an edition cannot be', { edition: 2100 }],
  [
    'pentest.booked',
    { bookedFor: '2027-06-01' },
    'booked for 2027-06-01, promised by 2027-05-31',
    { bookedFor: '2027-05-31' },
  ],
  ['pentest.booked', { bookedFor: '31 May' }, 'booked for 31 May, promised by 2027-05-31'],
  [
    'pentest.booked',
    { bookedFor: '2026-05-30' },
    'booked for 2026-05-30, a test before the one promised by 2027-05-31',
    { bookedFor: '2026-05-31' },
  ],
  ['pentest.report', { dated: 'November' }, 'its date "November" is no day'],
  ['scan', { complete: false }, 'the scan was not complete'],
  ['scan', { tester: 'internal' }, 'scanned by internal only', { tester: 'CERT-In' }],

  // disclosure
  ['disclosure.policy', { policyFound: false }, 'the policy it names is not found'],
  ['disclosure.answered', { untriaged: 1 }, '1 report past the time to triage'],
  ['disclosure.answered', { notRolledOut: 1 }, '1 confirmed report past the time to fix'],
  ['disclosure.answered', { confirmed: 5 }, '5 confirmed reports cannot be', { confirmed: 4 }],
  [
    'disclosure.rewarded',
    { least: 'critical' },
    'only reports from critical up are counted, promised from high',
    { least: 'High' },
  ],
  ['disclosure.rewarded', { undecided: 1 }, '1 report without a decision on its reward'],
  ['disclosure.rewarded', { unpaid: 1 }, '1 reward not paid'],
  [
    'contact',
    { address: 'old@example.com' },
    'answers come from old@example.com, not security@example.com',
    { address: 'Security@Example.com' },
  ],
  ['links', { checked: 0 }, 'no link was tried'],
  ['links', { dead: 1 }, '1 dead link'],

  // monitoring and paging
  [
    'monitoring.continuous',
    { longestGapSeconds: 901 },
    'silent for 15 min 1 s, promised at most 15 min',
    { longestGapSeconds: 900 },
  ],
  [
    'monitoring.continuous?gap=40d',
    { longestGapSeconds: 30 * 86_400 + 1 },
    'a silence longer than the time looked at cannot be',
    { longestGapSeconds: 30 * 86_400 },
  ],
  ['monitoring.flow-logs', { networks: 0 }, 'no network is known'],
  ['monitoring.flow-logs', { without: 1 }, '1 network without flow logs'],
  ['monitoring.detector?', { detectors: [] }, 'no detector is on'],
  ['monitoring.detector', { regionsWithout: 1 }, '1 region without it'],
  ['monitoring.detector', { detectors: ['falco'] }, 'guardduty is not on'],
  ['monitoring.outliers', { alerted: false }, 'a seeded outlier set off nothing'],
  ['monitoring.outliers', { lagSeconds: 901 }, 'logs arrive after 15 min 1 s', { lagSeconds: 900 }],
  ['monitoring.protections', { on: ['Firewall'] }, 'not shown to be on: ddos'],
  ['ledger.coverage?with=papertrail', { layers: [] }, 'no events from any layer'],
  ['ledger.coverage', { silent: ['database'] }, 'silent: database'],
  ['ledger.coverage', { layers: ['application'] }, 'no events from: infrastructure'],
  [
    'logs.kept',
    { retentionSeconds: 364 * 86_400 },
    'kept for 364 d',
    { retentionSeconds: 365 * 86_400 },
  ],
  ['uptime', { percent: 99.89 }, '99.89 %, promised 99.9 %', { percent: 99.9 }],
  ['uptime', { percent: 100.1 }, '100.1 % cannot be', { percent: 100 }],
  ['load.tested', { rate: 1999 }, '1999 a second, promised 2000', { rate: 2000 }],
  ['load.tested', { failed: 1.1 }, '1.1 % of them failed', { failed: 1 }],
  ['load.tested', { rate: 1e12 }, '1000000000000 requests a second cannot be'],
  ['processing.complete', { lost: 1 }, '1 job lost'],
  ['processing.complete', { longestSeconds: 3601 }, 'a job took 1 h', { longestSeconds: 3600 }],
  [
    'paging',
    { acknowledgedSeconds: 901 },
    'acknowledged after 15 min 1 s',
    { acknowledgedSeconds: 900 },
  ],
  ['paging', { channels: ['email'] }, 'nobody was reached by phone'],
  [
    'paging?from=guardduty',
    { source: 'cron' },
    'the event came from cron',
    { source: 'GuardDuty' },
  ],

  // incidents
  ['incident.notice', { reached: 117 }, '1 customer not reached'],
  ['incident.notice', { reached: 119 }, 'more customers reached than there are'],
  ['incident.notice?to=all', { to: 'affected' }, 'not every customer was told', { to: 'All' }],
  [
    'incident.notice?via=email',
    { via: ['portal'] },
    'not sent by email',
    { via: ['E-Mail', 'email'] },
  ],
  [
    'incident.notice?potential=yes',
    { fromSuspicion: false },
    'its clock did not start with the suspicion',
    { fromSuspicion: true },
  ],
  ['incident.team', { people: 0 }, 'nobody has accepted'],
  ['incident.followup', { withoutTimeline: 1 }, '1 incident without a timeline'],
  ['incident.followup', { unanswered: 1 }, '1 customer without a follow-up'],

  // continuity
  ['backup', { readBack: false }, 'it could not be read back'],
  ['backup', { bytes: 0 }, 'it is empty'],
  [
    'backup.copies',
    { regions: ['eu-west-1', 'EU-WEST-1', 'eu-west-1a'] },
    'copies in 1 region, promised 2',
  ],
  ['backup.copies', { regions: ['eu-west-1', 'us-east-1'] }, 'a copy lies in eu-west-1, us-east-1'],
  ['backup.copies', { unencrypted: 7 }, '7 unencrypted backups'],
  ['restore.point-in-time', { rowsChecked: 0 }, 'no row was checked'],
  ['restore.point-in-time', { mismatches: 1 }, '1 row differ from that second'],
  [
    'recovery',
    { recoverySeconds: 14_401 },
    'recovered in 4 h, promised 4h',
    { recoverySeconds: 14_400 },
  ],
  ['recovery', { lostSeconds: 86_401 }, 'lost 1 d of work, promised 24h', { lostSeconds: 86_400 }],
  ['failover', { lostRows: 1 }, '1 row lost'],
  ['replicas?min=3', { running: 2 }, '2 running, promised 3', { running: 3 }],
  ['replicas', { zones: ['eu-west-1a', 'EU-WEST-1A'] }, 'in 1 zone, promised 2'],
  [
    'replicas?zones=3',
    { running: 2 },
    'in 2 zones, promised 3',
    { running: 3, zones: ['a', 'b', 'c'] },
  ],
  ['tabletop?', { present: [] }, 'nobody was present'],
  ['tabletop', { present: ['IT'] }, 'not present: support'],
  ['tabletop', { overdueActions: 1 }, '1 action overdue'],
  ['contingency?', { targets: [] }, 'no move was rehearsed'],
  ['contingency?to=provider', { targets: ['region'] }, 'not rehearsed: another provider'],
  [
    'contingency?to=region',
    { regions: ['EU-West-1', 'eu-west-1b'] },
    'rehearsed in EU-West-1, eu-west-1b, where it runs already',
  ],
  ['contingency', { regions: ['eu-central-1'] }, 'it would leave us'],
  ['redeploy', { seconds: 3601 }, 'took 1 h', { seconds: 3600 }],

  // data rights
  ['export', { mismatches: 1 }, '1 table whose counts do not match'],
  ['erase', { rowsLeft: 1 }, '1 row left'],
  ['erase', { backupsReadable: 1 }, '1 backup that can still be read'],
  [
    'erase?after=termination',
    { startedBy: 'move' },
    'started by a move, not by a termination',
    { startedBy: 'Termination' },
  ],
  // A thirtieth of 35 days is more than a day, and of an hour two minutes.
  [
    'retention',
    { oldestSeconds: 36 * 86_400 + 1 },
    'the oldest is 36 d old, promised at most 35d',
    { oldestSeconds: 36 * 86_400 },
  ],
  [
    'retention?max=1h',
    { oldestSeconds: 3721 },
    'the oldest is 1 h 2 min old, promised at most 1h',
    { oldestSeconds: 3720 },
  ],
  [
    'retention?min=30d',
    { oldestSeconds: 29 * 86_400 - 1 },
    'the oldest is only 28 d 23 h old, promised 30d',
    { oldestSeconds: 29 * 86_400, firstSeconds: 9e7 },
  ],
  [
    'retention?min=30d',
    { oldestSeconds: 86_401 },
    'a backup older than the first cannot be',
    { oldestSeconds: 86_400, firstSeconds: 86_400 },
  ],
  ['cards.absent', { scanned: 0 }, 'nothing was scanned'],
  ['cards.absent', { found: 1 }, '1 card number'],
  ['third-parties', { undeclared: ['x.example'] }, 'connects to x.example, not on the list'],
  ['third-parties?only=aws', { destinations: ['aws', 'ovh'] }, 'connects to ovh'],
  ['third-parties.reviewed', { approved: false }, 'the review did not approve it'],
  ['subprocessors.announced', { missing: 1 }, '1 sub-processor missing from the list'],
  [
    'subprocessors.announced',
    { shortestNoticeSeconds: 30 * 86_400 - 1 },
    'one was announced only 29 d 23 h before',
    { shortestNoticeSeconds: 30 * 86_400 },
  ],
]

const subject = {
  id: 'a',
  provider: null,
  environment: null,
  regions: ['eu-west-1'],
  tags: ['iso-27001'],
}

function readPromise(promise: string, facts: Facts) {
  const [id, query] = promise.split('?') as [string, string?]
  const proof = findProof(id)!
  const params: Record<string, Value> = query === undefined ? exampleParams(proof) : {}
  for (const [name, text] of new URLSearchParams(query ?? '')) {
    const reading = readValue(proof.params[name]!, text)
    if ('problem' in reading) throw new Error(reading.problem)
    params[name] = reading.value
  }
  const need = proof.needs.find(({ fields }) => Object.keys(facts).every((name) => name in fields))!
  return { need, params: params as never }
}

/** What is objected to evidence: by the place in the list of each objection. */
function objectionsTo({ need, params }: ReturnType<typeof readPromise>, measured: Facts) {
  const facts = decodeMeasured(measured, need.fields)
  const said = need.holds(facts as never, params, { ...subject, type: need.of[0]! })
  return new Map([...said.entries()].filter(([, text]) => text))
}

describe('an objection', () => {
  const whole = rows.map(
    ([promise, change, says, given = {}]) => [promise, change, says, given] as const,
  )
  it.each(whole)('%s, %j: %s', (promise, change, says, given) => {
    const read = readPromise(promise, { ...given, ...change })
    const good = { ...read.need.good, ...given }
    expect([...objectionsTo(read, good).values()]).toEqual([])
    expect([...objectionsTo(read, { ...good, ...change }).values()]).toEqual([says])
  })

  it('has evidence to which it alone objects', () => {
    const known = new Set(
      whole.flatMap(([promise, change, , given]) => {
        const read = readPromise(promise, { ...given, ...change })
        const said = objectionsTo(read, { ...read.need.good, ...given, ...change })
        return [...said.keys()].map(
          (place) => `${promise.split('?')[0]}: ${read.need.kind} ${place}`,
        )
      }),
    )
    const all = proofs.flatMap((proof) =>
      proof.needs.flatMap((need) => {
        const read = { need, params: exampleParams(proof) as never }
        const facts = decodeMeasured(need.good, need.fields)
        const places = need.holds(facts as never, read.params, { ...subject, type: need.of[0]! })
        return [...places.keys()].map((place) => `${proof.id}: ${need.kind} ${place}`)
      }),
    )
    expect(all.filter((one) => !known.has(one))).toEqual([])
  })
})
