import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testKept, type TestKept } from '../../server/test/kept.ts'
import { claimsOperations } from '../../server/src/capabilities/claims/operations.ts'
import { stillTime } from '../../server/src/foundation/time.ts'
import { run } from '../src/run.ts'
import { openTerminal } from '../src/terminal.ts'
import { runFake } from './fake-terminal.ts'
import { runReal, type Said } from './real-terminal.ts'

const folder = mkdtempSync(join(tmpdir(), 'kept-accounts-'))
const page = `---
company: Example Inc
contact: security@example.com
---
# Security

[We use two-factor authentication for AWS](kept:mfa.accounts?for=aws#aws).
`
const time = stillTime(Date.now())
let kept: TestKept
let url: string
let asked: (as: string, ...words: string[]) => Promise<Said>

beforeAll(async () => {
  const keys = new Map<string, string>()
  for (const id of ['ci', 'cto']) {
    keys.set(id, (await runReal(['keys', 'new', join(folder, `${id}.pem`)])).out.trim())
  }
  const systems = `people:
  aws-accounts: { provider: aws }
runners:
  collector: { holder: collector, kinds: ['*'], subjects: ['*'] }
  ci: { holder: workload, kinds: [people.*], subjects: ['*'], ${keys.get('ci')} }
  cto: { holder: person, name: the CTO, kinds: ['*'], subjects: ['*'], ${keys.get('cto')} }
`
  kept = await testKept({ time })
  url = await kept.serve()
  await kept.ask('operator', claimsOperations(() => []).apply, { page, systems })
  asked = (as, ...words) =>
    runReal(['accounts', ...words], {
      KEPT_SERVER: url,
      KEPT_KEY: join(folder, `${as}.pem`),
      KEPT_AS: as,
    })
})
afterAll(async () => {
  await kept.stop()
  rmSync(folder, { recursive: true })
})

/** Writes an export, as of so many seconds before now. */
function write(name: string, text: string, ago = 0): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  const at = time.now() / 1000 - ago
  utimesSync(path, at, at)
  return path
}

const header = 'user,arn,password_enabled,mfa_active,access_key_1_active\n'
const good = `${header}<root_account>,arn:x,not_supported,true,false\nann,arn:secret,true,true,false\nci,arn:x,false,false,true\n`

describe('kept accounts', () => {
  it('pushes what a service exports, and shows staff who has no second factor', async () => {
    expect((await asked('cto', 'list')).out).toBe('no list of accounts was pushed yet\n')
    const first = write('first.csv', good, 60)
    expect(await asked('ci', 'push', 'aws-accounts', first)).toEqual({
      code: 0,
      out: 'aws-accounts: 2 accounts, each with a second factor; not counted: 1 of services; by aws-credential-report\n',
      err: '',
    })
    expect((await asked('ci', 'push', 'aws-accounts', first)).out).toContain('was here already')
    const second = write(
      'second.csv',
      `${good}bob,arn:x,true,false,false\neve,arn:x,true,N/A,false\n`,
    )
    const { code, out } = await asked('ci', 'push', 'aws-accounts', second, '--json')
    expect([code, JSON.parse(out)]).toMatchObject([1, { accounts: 4, without: 1, unknown: 1 }])
    const at = new Date(time.now()).toISOString()
    expect((await asked('cto', 'list')).out).toBe(
      `aws-accounts: 4 accounts, 1 without a second factor, 1 not known to have one; not counted: 1 of services; of ${at}, pushed by ci\n`,
    )
    expect((await asked('cto', 'list', 'aws-accounts')).out.split('\n').slice(1)).toEqual([
      '  bob: no second factor',
      '  eve: not known whether it has one',
      '',
    ])
    const { rows } = await kept.as.superuser.query(
      'select entries::text from identity.account_lists',
    )
    expect(JSON.stringify(rows)).not.toContain('arn:')
  })

  it('reads standard input, and takes the time that is given', async () => {
    time.advance(60_000)
    const file = write('stdin.csv', 'account,second_factor\nann,yes\n')
    const exported = new Date(time.now() - 1000).toISOString()
    let out = ''
    const words = ['accounts', 'push', 'aws-accounts', '-', '--exported', exported]
    const code = await run(words, {
      ...openTerminal(),
      env: { KEPT_SERVER: url, KEPT_KEY: join(folder, 'ci.pem'), KEPT_AS: 'ci' },
      read: () => Promise.resolve(readFileSync(file)),
      print: async (chunks) => {
        for (const chunk of chunks) out += chunk
      },
    })
    expect([code, out]).toEqual([
      0,
      'aws-accounts: 1 account, each with a second factor; by plain\n',
    ])
    expect((await asked('cto', 'list')).out).toContain(exported)
  })

  it('pushes a policy of passwords', async () => {
    const file = write('policy.json', '{"PasswordPolicy":{"MinimumPasswordLength":14}}')
    expect((await asked('ci', 'push', 'aws-accounts', file)).out).toBe(
      'aws-accounts: passwords of 14 characters at least; by aws-password-policy\n',
    )
  })

  it.each([
    [
      'a file that is older than the one here',
      ['push', 'aws-accounts', 'old'],
      'is here, which is not older',
    ],
    [
      'a system that is none',
      ['push', 'aws', 'new'],
      'name one of its section people: aws-accounts',
    ],
    ['a list that is none', ['push', 'aws-accounts', 'odd'], 'has these columns: "name", "mfa"'],
    [
      'a list that is cut off',
      ['push', 'aws-accounts', 'cut'],
      'cut.csv:3: the row has 2 of 5 cells',
    ],
    [
      'a time that is none',
      ['push', 'aws-accounts', 'new', '--exported', 'soon'],
      '"soon" is no time',
    ],
    ['no file', ['push', 'aws-accounts'], 'FILE is missing'],
    ['no system', ['push'], 'SYSTEM is missing'],
    ['a word too many', ['list', 'aws-accounts', 'x'], '"x" follows the system'],
    ['an action that is none', ['pus'], 'did you mean `kept accounts push`?'],
  ])('refuses %s', async (_, words, said) => {
    time.advance(1000)
    write('old', good, 3600)
    write('new', good)
    write('odd', 'name,mfa\nann,true\n')
    const cut = write('cut.csv', good.slice(0, good.indexOf('secret')))
    const files: Record<string, string> = { old: 'old', new: 'new', odd: 'odd', cut }
    const asking = words.map((word, i) =>
      i === 2 && files[word] ? join(folder, word === 'cut' ? 'cut.csv' : word) : word,
    )
    const { code, out, err } = await asked('ci', ...asking)
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain(said)
    // The control: the newest list is taken.
    expect((await asked('ci', 'push', 'aws-accounts', join(folder, 'new'))).code).toBe(0)
  })

  it('refuses the word of a person', async () => {
    const { code, err } = await asked('cto', 'push', 'aws-accounts', write('by-hand', good))
    expect([code, err]).toEqual([2, expect.stringContaining('may not do that')])
  })

  it('says how it is used', async () => {
    const { out } = await runFake(['accounts', '--help'])
    expect(out).toContain('kept accounts ACTION [SYSTEM] [FILE] [OPTIONS]')
  })
})
