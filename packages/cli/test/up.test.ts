import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto'
import {
  existsSync,
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import {
  append,
  decodeBundle,
  emptyFrontier,
  encodeBundle,
  formatTilePath,
  hashLeaf,
  noteSigner,
  parseCheckpoint,
  parseNote,
  rootOf,
  signCheckpoint,
  tilesBetween,
} from '@kept/ledger'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { signRequest } from '@kept/client'
import { freePort, isAlive, makeCompany, postmasterOf, startUp, type Running } from './company.ts'
import { runReal } from './real-terminal.ts'
import { kept, launcher, start } from './spawn.ts'

const folder = mkdtempSync(join(tmpdir(), 'kept-up-'))
// As root the database runs as another user, who must be able to pass.
chmodSync(folder, 0o711)
const at = (name: string) => join(folder, name)
const data = at('data')
let running: Running
let port: number
let files: { page: string; systems: string }

const upWords = () => [files.page, '--systems', files.systems, '--data', data, '--port', `${port}`]

/** Asks the running Kept, signed by one of the company's keys. */
const asked = (who: 'ci' | 'cto' | 'lead', ...words: string[]) =>
  runReal(words, { KEPT_SERVER: running.url, KEPT_KEY: at(`${who}.pem`), KEPT_AS: who })
const anyone = (...words: string[]) => runReal(words, { KEPT_SERVER: running.url })

beforeAll(async () => {
  files = await makeCompany(folder)
  port = await freePort()
  running = await startUp(upWords())
}, 180_000)

afterAll(async () => {
  running?.signal('SIGINT')
  await running?.ended
  rmSync(folder, { recursive: true })
}, 120_000)

const tls = { lowestAccepted: 1.2, validUntil: '2099-01-01T00:00:00Z', chainTrusted: true }
const line = (more: object = {}) =>
  JSON.stringify({
    id: 'scan-1',
    kind: 'endpoint.tls',
    subject: 'website',
    outcome: 'pass',
    observedAt: '2026-01-01T00:00:00Z',
    measured: tls,
    ...more,
  })

describe('a page that runs', () => {
  test('is applied, and its promises are unproven', async () => {
    expect(running.said).toContain('version 1 is in force')
    expect(running.said).toContain('2 unproven')
    const { code, out } = await anyone('status')
    expect(code).toBe(1)
    expect(out).toContain(
      '#iso: We hold an ISO 27001 certificate\n  because: iso-27001: no evidence',
    )
  })

  test('is refused a second time on the same directory', async () => {
    const words = ['up', files.page, '--systems', files.systems, '--data', data, '--port', '0']
    const { code, out, err } = await kept(words)
    expect([code, out]).toEqual([2, ''])
    expect(err).toMatch(/postgres: process .* runs the cluster there\n {2}fix: .*stop that process/)
  }, 60_000)

  test('says that its collectors have looked', async () => {
    const { code, err } = await asked('cto', 'check', '--now')
    expect([code, err]).toEqual([1, ''])
    const looks = await fetchSigned('cto', 'GET', '/api/looks')
    const { looks: all } = (await looks.json()) as { looks: { seenAt: string | null }[] }
    expect(all.length).toBeGreaterThan(0)
    expect(all.every(({ seenAt }) => seenAt !== null)).toBe(true)
  }, 120_000)
})

async function signedRequest(who: string, method: 'GET' | 'POST', path: string, body?: unknown) {
  const key = createPrivateKey(readFileSync(at(`${who}.pem`)))
  const request = new Request(running.url + path, {
    method,
    ...(method === 'GET' ? {} : { body: JSON.stringify(body ?? {}) }),
    headers: { 'content-type': 'application/json' },
  })
  return signRequest(request, { as: who, now: Date.now, sign: (data) => sign(null, data, key) })
}
const fetchSigned = async (...words: Parameters<typeof signedRequest>) =>
  fetch(await signedRequest(...words))

describe('evidence', () => {
  const push = (who: 'ci' | 'cto' | 'lead', ...lines: string[]) => {
    writeFileSync(at('evidence.jsonl'), `${lines.join('\n')}\n`)
    return asked(who, 'evidence', 'push', at('evidence.jsonl'))
  }

  test('is taken once', async () => {
    const observedAt = new Date(Date.now() - 60_000).toISOString()
    const fresh = line({ observedAt, note: 'seen by hand' })
    expect(await push('ci', fresh)).toEqual({
      code: 0,
      out: '1 piece of evidence, 1 new\n',
      err: '',
    })
    expect((await push('ci', fresh)).out).toBe('1 piece of evidence, 0 new\n')
    const listed = await fetchSigned('cto', 'GET', '/api/evidence')
    const { evidence } = (await listed.json()) as { evidence: { id: string; note: string }[] }
    expect(evidence.find(({ id }) => id === 'scan-1')!.note).toBe('seen by hand')
    expect((await push('ci', line({ observedAt, note: 'something else' }))).err).toContain(
      'said something else under the id scan-1',
    )
  })

  test.each([
    [
      'other words under one id',
      [line({ outcome: 'fail' })],
      'said something else under the id scan-1',
    ],
    ['a system that is not there', [line({ id: 'x', subject: 'websit' })], 'may not speak of'],
    ['a line that is no evidence', [line({ id: 'x' }), '{"id":"y"}'], 'evidence.jsonl:2:1: '],
    [
      'evidence of somebody else',
      [line({ id: 'x', runner: 'cto' })],
      'was made by cto, and ci signs',
    ],
  ])('is refused: %s', async (_, lines, said) => {
    const { code, out, err } = await push('ci', ...lines)
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain(said)
  })

  test('is refused under a key that is not the runner’s', async () => {
    const env = { KEPT_SERVER: running.url, KEPT_KEY: at('lead.pem'), KEPT_AS: 'ci' }
    const { code, err } = await runReal(['evidence', 'push', at('evidence.jsonl')], env)
    expect(code).toBe(2)
    writeFileSync(at('one.jsonl'), `${line({ id: 'again' })}\n`)
    expect((await runReal(['evidence', 'push', at('one.jsonl')], env)).err).toContain(
      'the signature does not hold',
    )
    expect(err).toContain('fix: ')
  })

  test('is refused when a request is played again, and taken under a new signature', async () => {
    const body = { evidence: [JSON.parse(line({ id: 'replayed' })) as object] }
    const request = await signedRequest('ci', 'POST', '/api/evidence', body)
    const [first, again] = [request.clone(), request]
    expect((await fetch(first)).status).toBe(200)
    const refused = await fetch(again)
    expect(refused.status).toBe(401)
    expect(await refused.json()).toMatchObject({
      code: 'bad-signature',
      detail: 'this signature was used before',
    })
    const control = await fetchSigned('ci', 'POST', '/api/evidence', body)
    expect([control.status, await control.json()]).toEqual([200, { taken: 0 }])
  })
})

describe('a person’s word', () => {
  const attest = (...words: string[]) =>
    asked('cto', 'attest', 'document.certificate', 'iso-27001', ...words)

  test.each([
    [['--measured', 'isuer=TUV'], 'did you mean issuer?'],
    [['--measured', 'edition=new'], '"new" is no number'],
    [['--until', 'soon'], '"soon" is no date'],
    [['--until', '2099-03-01'], 'add --measured issuer=...'],
  ])('is refused with %j', async (words, said) => {
    const { code, out, err } = await attest(...words)
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain(said)
  })

  test('makes the claim attested, never kept', async () => {
    const { code, out } = await attest('--measured', 'issuer=TUV', '--until', '2099-03-01')
    expect(code).toBe(0)
    expect(out).toContain('✎ #iso unproven -> attested')
    expect(out).toContain('attested by the CTO')
  }, 60_000)
})

describe('what weakens', () => {
  test('waits for a second person, who may not be the first', async () => {
    // Words that still said 1.2 would be a lie, and no page with one is applied.
    const weaker = readFileSync(files.page, 'utf8').replace('1.2#', '1.1#')
    writeFileSync(at('weaker.md'), weaker.replace('use TLS 1.2 or newer', 'are encrypted with TLS'))
    const words = ['apply', at('weaker.md'), '--systems', files.systems]
    const applied = await asked('cto', ...words)
    expect(applied.code).toBe(1)
    expect(applied.out).toContain('weakened tls: encryption.in-transit, min: 1.2 -> 1.1')
    const { out } = await asked('lead', 'proposals', '--json')
    const { proposals } = JSON.parse(out) as { proposals: { id: string }[] }
    expect(proposals).toHaveLength(1)
    expect((await asked('cto', ...words)).out, 'proposed twice it is one').toContain(
      proposals[0]!.id,
    )
    const self = await asked('cto', 'approve', proposals[0]!.id)
    expect([self.code, self.err]).toEqual([
      2,
      expect.stringContaining('stands behind this proposal already'),
    ])
    expect(await asked('lead', 'approve', proposals[0]!.id)).toEqual({
      code: 0,
      out: 'version 2 is in force\n',
      err: '',
    })
    expect((await asked('lead', 'proposals')).out).toBe('nothing waits for people\n')
  })

  test('can be declined', async () => {
    writeFileSync(at('other.md'), readFileSync(files.page, 'utf8').replace('We hold', 'We have'))
    await asked('cto', 'apply', at('other.md'), '--systems', files.systems)
    const { out } = await asked('lead', 'proposals', '--json')
    const [{ id }] = (JSON.parse(out) as { proposals: [{ id: string }] }).proposals
    expect((await asked('lead', 'decline', id)).code).toBe(0)
    const again = await asked('lead', 'approve', id)
    expect([again.code, again.err]).toEqual([2, expect.stringContaining('was declined')])
  })

  test('is refused to a workload and to whoever signs nothing', async () => {
    const words = ['apply', files.page, '--systems', files.systems]
    expect((await asked('ci', ...words)).err).toContain('runner ci may not do that')
    expect((await anyone(...words)).err).toContain('it does not know with which key to sign')
  })
})

/** A checkpoint of the same log and size as another, signed by its own key over another root. */
async function signAnew(
  note: string,
  key: string,
  other: { size?: number; root?: Uint8Array } = {},
): Promise<string> {
  const { origin, size } = { ...parseCheckpoint(parseNote(note).text), ...other }
  const secret = createPrivateKey(readFileSync(key))
  const signer = noteSigner(origin, {
    publicKey: new Uint8Array(32),
    sign: (message) => sign(null, message, secret),
  })
  const { keyId } = parseNote(note).signatures[0]!
  const root = other.root ?? new Uint8Array(32).fill(1)
  return signCheckpoint({ origin, size, root, extensions: [] }, [{ ...signer, keyId }])
}

describe('a bundle', () => {
  let text: string
  const verify = (changed: string, ...words: string[]) => {
    writeFileSync(at('changed.json'), changed)
    return runReal(['verify', at('changed.json'), ...words])
  }

  beforeAll(async () => {
    // What was said last takes a moment until it is in the ledger.
    await vi.waitFor(
      async () => {
        await anyone('export', '-o', at('bundle.json'))
        const isThere = readFileSync(at('bundle.json'), 'utf8').includes('"version":2')
        if (!isThere) throw new Error('the ledger has not got version 2 yet')
      },
      { timeout: 20_000, interval: 500 },
    )
    text = readFileSync(at('bundle.json'), 'utf8')
  }, 60_000)

  test('is verified offline', async () => {
    const { code, out } = await runReal(['verify', at('bundle.json')])
    expect(code).toBe(0)
    expect(out).toContain('2 verdicts of ')
    expect(out.replaceAll(/\s+/g, ' ')).toContain('ci (workload)')
    expect(out).toMatch(/✓ Verified: .*bundle\.json\n$/)
  })

  test('holds no address and no key of a runner', () => {
    expect(text).not.toContain('"address"')
    expect(text).not.toContain(readFileSync(files.systems, 'utf8').match(/key: (\S+)/)![1])
  })

  test.each([
    [
      'a measured figure',
      '"lowestAccepted":1.2',
      '"lowestAccepted":1.3',
      /entry \d+: it is not in the log/,
    ],
    ['the page', 'We hold an ISO', 'We sold an ISO', /page: it is not version 2/],
    [
      'a verdict',
      '"claim":"iso","verdict":"attested"',
      '"claim":"iso","verdict":"kept"',
      /verdict of #iso: it says kept/,
    ],
    ['the time', /"at":"20\d\d/, '"at":"2098', /signed: the document is not the one/],
    [
      'the register',
      '"id":"website","type":"endpoint"',
      '"id":"website","type":"service"',
      /signed: the document/,
    ],
    ['the signature', /"checkpoint":"([^\\]+)/, '"checkpoint":"x$1', /log\.checkpoint: /],
  ])('is not verified when %s was edited', async (_, from, to, said) => {
    const changed = text.replace(from, to)
    expect(changed).not.toBe(text)
    const { code, out } = await verify(changed)
    expect(out.replaceAll(/\n +/g, ' ')).toMatch(said)
    expect(code).toBe(1)
  })

  test('is not verified with one byte changed, wherever it is', async () => {
    for (let i = 1; i <= 40; i++) {
      const place = Math.floor((text.length / 41) * i)
      const changed =
        text.slice(0, place) + (text[place] === 'a' ? 'b' : 'a') + text.slice(place + 1)
      const { code, out } = await verify(changed)
      expect(code, `byte ${place}: ${out}`).not.toBe(0)
    }
  })

  test('is not verified under another key, and is under its own', async () => {
    const { key } = (await (await fetch(`${running.url}/ledger/key`)).json()) as { key: string }
    expect((await verify(text, '--key', key)).code).toBe(0)
    const other = (await runReal(['keys', 'new', at(`other-${Date.now()}.pem`), '--name', 'x'])).out
    const { code, out } = await verify(text, '--key', other.replace('key: ', '').trim())
    expect(code).toBe(1)
    expect(out).toContain('the bundle names another key')
  })

  test('shows against an earlier checkpoint that it was signed anew', async () => {
    const { log } = JSON.parse(text) as { log: { checkpoint: string } }
    writeFileSync(at('kept.txt'), log.checkpoint)
    expect((await verify(text, '--earlier', at('kept.txt'))).code).toBe(0)
    writeFileSync(at('kept.txt'), await signAnew(log.checkpoint, join(data, 'ledger.key')))
    const { code, out } = await verify(text, '--earlier', at('kept.txt'))
    expect(code).toBe(1)
    expect(out).toContain('it was signed anew')
  })
})

describe('the ledger', () => {
  const copy = at('log')
  const entries = join('tile', 'entries', '000.p')
  let [key, size] = ['', 0]
  const verify = (name: string) => runReal(['verify', name, '--key', key])
  const changed = (change: (all: Uint8Array[]) => Uint8Array[]) => {
    const other = mkdtempSync(at('copy-'))
    cpSync(copy, other, { recursive: true })
    const file = join(other, entries, String(size))
    writeFileSync(file, encodeBundle(change(decodeBundle(readFileSync(file)))))
    return other
  }

  beforeAll(async () => {
    const get = async (path: string) =>
      Buffer.from(await (await fetch(`${running.url}/ledger/${path}`)).arrayBuffer())
    const checkpoint = await get('checkpoint')
    key = (JSON.parse((await get('key')).toString()) as { key: string }).key
    size = parseCheckpoint(parseNote(checkpoint.toString()).text).size
    for (const address of tilesBetween(0, size)) {
      const path = join(copy, formatTilePath(address))
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, await get(formatTilePath(address)))
    }
    writeFileSync(join(copy, 'checkpoint'), checkpoint)
  })

  test('is verified at its URL and in a copy', async () => {
    expect((await runReal(['verify', running.url])).code).toBe(0)
    const { code, out } = await verify(copy)
    expect(out).toContain(`${size} entries and their tiles have the root that was`)
    expect(code).toBe(0)
  })

  test('is verified in a copy against an earlier checkpoint, whose tiles are gone', async () => {
    const note = readFileSync(join(copy, 'checkpoint'), 'utf8')
    const all = decodeBundle(readFileSync(join(copy, entries, String(size))))
    const before = async (count: number) => {
      const leaves = all.slice(0, count).map((entry) => hashLeaf(entry))
      const root = rootOf(append(emptyFrontier, leaves))
      const signed = await signAnew(note, join(data, 'ledger.key'), { size: size - 3, root })
      writeFileSync(at('before.txt'), signed)
      return runReal(['verify', copy, '--key', key, '--earlier', at('before.txt')])
    }
    expect(await before(size - 3)).toMatchObject({ code: 0 })
    // The control: as many entries, but not these.
    const { code, out } = await before(size - 4)
    expect(out).toContain('checkpoint-inconsistent')
    expect(code).toBe(1)
  })

  test('needs a key for a copy', async () => {
    const { code, err } = await runReal(['verify', copy])
    expect([code, err]).toEqual([2, expect.stringContaining('brings no key along')])
  })

  test.each([
    ['truncated', (all: Uint8Array[]) => all.slice(0, -1), 'log-truncated'],
    ['reordered', ([a, b, ...rest]: Uint8Array[]) => [b!, a!, ...rest], 'entry-changed'],
    [
      'edited',
      (all: Uint8Array[]) => [
        all[0]!,
        all[1]!.map((one, i) => (i === 9 ? one ^ 1 : one)),
        ...all.slice(2),
      ],
      'entry 1: entry-changed',
    ],
  ])('is found to be %s', async (_, change, said) => {
    const { code, out } = await verify(changed(change))
    expect(out).toContain(said)
    expect(code).toBe(1)
  })

  test('is found to be signed anew, given an earlier checkpoint', async () => {
    const note = readFileSync(join(copy, 'checkpoint'), 'utf8')
    writeFileSync(at('earlier.txt'), note)
    const words = ['verify', running.url, '--earlier', at('earlier.txt')]
    expect((await runReal(words)).code).toBe(0)
    writeFileSync(at('earlier.txt'), await signAnew(note, join(data, 'ledger.key')))
    const { code, out } = await runReal(words)
    expect(out).toContain('checkpoint-inconsistent')
    expect(code).toBe(1)
  })
})

describe('the separate processes', () => {
  /** The environment of a process that uses the database of the running Kept. */
  const environment = () => {
    const passwords = JSON.parse(readFileSync(join(data, 'passwords.json'), 'utf8')) as Record<
      'owner' | 'server' | 'worker',
      string
    >
    const postgres = join(data, 'postgres')
    const listens = readFileSync(join(postgres, 'data', 'postmaster.pid'), 'utf8').split('\n')[3]
    const url = (role: keyof typeof passwords) =>
      `postgresql://kept_${role}:${passwords[role]}@localhost/kept?host=${encodeURIComponent(join(postgres, 'sockets'))}&port=${listens}`
    return {
      KEPT_ORIGIN: running.url,
      KEPT_PORT: '0',
      KEPT_DATABASE: url('server'),
      KEPT_DATABASE_WORKER: url('worker'),
      KEPT_DATABASE_OWNER: url('owner'),
      KEPT_LEDGER_KEY: join(data, 'ledger.key'),
      KEPT_BUNDLE_KEY: join(data, 'bundle.key'),
      KEPT_IDENTITY_KEY: join(data, 'identity.key'),
      KEPT_REACH: 'loopback',
      KEPT_DRAIN_SECONDS: '0',
      KEPT_LOG: 'silent',
    }
  }
  const until = (child: ReturnType<typeof start>['child'], said: string) =>
    new Promise<void>((resolve) => {
      child.stderr!.on('data', (text: string) => text.includes(said) && resolve())
    })

  test('serve answers until SIGTERM, and then drains', async () => {
    const other = `${await freePort()}`
    const env = { ...environment(), KEPT_PORT: other }
    const { child, ended } = start(launcher, ['serve'], { env })
    await until(child, 'serving at')
    const answer = await fetch(`http://127.0.0.1:${other}/api/claims`)
    expect(await answer.json()).toMatchObject({ claims: [{ id: 'tls' }, { id: 'iso' }] })
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({
      code: 0,
      err: expect.stringMatching(/draining\n$/) as string,
    })
  }, 60_000)

  test('work works until SIGTERM', async () => {
    const { child, ended } = start(launcher, ['work'], { env: environment() })
    await until(child, 'working')
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({ code: 0 })
  }, 60_000)

  test.each(['serve', 'work'])('%s signs with no other key than the ledger’s', async (name) => {
    const none = { ...environment(), KEPT_LEDGER_KEY: at('no.key') }
    const { code, err } = await kept([name], { env: none })
    expect([code, err]).toEqual([2, expect.stringContaining('there is no key of the ledger')])
    expect(existsSync(at('no.key'))).toBe(false)
    const other = generateKeyPairSync('ed25519').privateKey
    writeFileSync(at('other.key'), other.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 })
    const refused = await kept([name], { env: { ...none, KEPT_LEDGER_KEY: at('other.key') } })
    expect(refused.code).toBe(2)
    expect(refused.err).toContain('signed by a key of its own')
  })

  test('migrate ends by itself, and says what is missing', async () => {
    const env = environment()
    expect(await kept(['migrate'], { env })).toMatchObject({
      code: 0,
      err: 'the database is of the newest form\n',
    })
    const half = await kept(['migrate', '--systems', files.systems], { env })
    expect([half.code, half.err]).toEqual([2, expect.stringContaining('applied with their page')])
    const { code, err } = await kept(['serve'], { env: { ...env, KEPT_DATABASE: undefined } })
    expect([code, err]).toEqual([2, expect.stringContaining('KEPT_DATABASE: ')])
    expect(err).toContain('fix: set these in the environment; `kept serve --help`')
  }, 60_000)

  test('say why a database cannot be used', async () => {
    const env = environment()
    const wrong = env.KEPT_DATABASE.replace(/:[^:@]+@/, ':wrong@')
    const refused = await kept(['serve'], { env: { ...env, KEPT_DATABASE: wrong } })
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('PostgreSQL refuses')])
    const nowhere = 'postgres://a:b@127.0.0.1:1/c'
    const away = await kept(['work'], { env: { ...env, KEPT_DATABASE: nowhere } })
    expect([away.code, away.err]).toEqual([2, expect.stringContaining('does not answer')])
    for (const { err } of [refused, away]) expect(err).not.toContain('fault of kept')
  }, 60_000)
})

describe('the end', () => {
  test('kill -9 leaves a database that the next start adopts, with nothing lost', async () => {
    const database = postmasterOf(data)
    const before = await anyone('status', '--json')
    const { ledger } = JSON.parse(before.out) as { ledger: number }
    running.signal('SIGKILL')
    await running.ended
    expect(isAlive(database)).toBe(true)
    writeFileSync(files.page, readFileSync(at('weaker.md')))
    running = await startUp(upWords())
    expect(running.said).toContain('version 2 is in force, as before')
    expect(postmasterOf(data)).toBe(database)
    const after = JSON.parse((await anyone('status', '--json')).out) as { ledger: number }
    expect(after.ledger).toBeGreaterThanOrEqual(ledger)
    const words = ['verify', running.url, '--earlier', at('bundle.json')]
    expect(await runReal(words)).toMatchObject({ code: 0 })
  }, 180_000)

  test('Ctrl-C stops every process', async () => {
    const database = postmasterOf(data)
    running.signal('SIGINT')
    expect(await running.ended).toMatchObject({
      code: 0,
      err: expect.stringMatching(/stopping\n$/) as string,
    })
    expect(isAlive(database)).toBe(false)
  }, 60_000)

  test('another name for its ledger is refused, and its own starts', async () => {
    const { code, err } = await kept(['up', ...upWords(), '--origin', 'https://elsewhere.example'])
    expect(code).toBe(2)
    expect(err).toContain('the ledger here is 127.0.0.1')
    running = await startUp(upWords())
    expect(running.said).toContain('version 2 is in force, as before')
  }, 180_000)
})
