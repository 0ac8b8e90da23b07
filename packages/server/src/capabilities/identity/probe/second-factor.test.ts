import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openCanary, type Canary } from '../../../../test/canary-portal.ts'
import { testKept, type TestKept } from '../../../../test/kept.ts'
import { Watch } from '../../../../test/looking.ts'
import { ledgerText } from '../../../../test/tenant-owner.ts'
import { secondFactorCollector as collectorWith } from './second-factor.ts'

/** No tenant of these apps has a provider. */
const secondFactorCollector = collectorWith(() => Promise.resolve([]))

let kept: TestKept
let canary: Canary

beforeAll(async () => {
  kept = await testKept({ origin: 'http://localhost' })
  canary = await openCanary(kept)
})
afterAll(() => kept.stop())

const look = async () => {
  // Codes that the last look gave on purpose wrong count against the account for a while.
  kept.time.advance(20 * 60_000)
  return await secondFactorCollector.collect(canary.subject, canary.given())
}
const damage = (sql: string) => kept.as.superuser.query(sql)
const asked = async () => {
  const { rows } = await kept.as.superuser.query<{ second_factor: boolean }>(
    `select second_factor from identity.settings where tenant = 'canary'`,
  )
  return rows[0]!.second_factor
}
const usual = ['member@canary.test', 'owner@canary.test']

test('no way goes round the second factor of Kept’s own portal, and all is put back', async () => {
  expect(await look()).toEqual({ outcome: 'pass', measured: { tried: 10, bypassed: 0 } })
  expect([await asked(), await canary.people()]).toEqual([false, usual])
})

/** What is broken in the running portal, what mends it, and what the note must name. */
const holes = {
  'a switch that is taken and not kept': {
    plant: `create function public.hole() returns trigger language plpgsql as
      $$ begin new.second_factor := false; return new; end $$;
      create trigger hole before insert or update on identity.settings for each row execute function public.hole()`,
    mend: 'drop function public.hole cascade',
    names: [
      'the password of somebody who has no second factor',
      'an API key made before',
      'a link of an invitation',
    ],
  },
  'links that count as a second factor': {
    plant: `create function public.hole() returns trigger language plpgsql as
      $$ begin if 'link' = any(new.factors) then new.factors := new.factors || '{mfa}'; end if; return new; end $$;
      create trigger hole before insert on identity.sessions for each row execute function public.hole()`,
    mend: 'drop function public.hole cascade',
    names: ['a link of an invitation', 'a link for who lost all factors'],
  },
  'keys that are believed to have all factors': {
    plant: `create function public.hole() returns trigger language plpgsql as
      $$ begin new.factors := new.factors || '{totp}'; return new; end $$;
      create trigger hole before insert on identity.api_keys for each row execute function public.hole()`,
    mend: 'drop function public.hole cascade',
    names: ['an API key made before'],
  },
  'codes that are good twice': {
    plant: `create function public.hole() returns trigger language plpgsql as
      $$ begin new.step := 0; return new; end $$;
      create trigger hole before update on identity.totp for each row execute function public.hole()`,
    mend: 'drop function public.hole cascade',
    names: ['a code that was used before'],
  },
}

describe.each(Object.entries(holes))('%s', (_, { plant, mend, names }) => {
  test('breaks the sentence by name until it is mended', { timeout: 120_000 }, async () => {
    const watch = new Watch({ ...secondFactorCollector, collect: look }, canary.subject)
    await watch.look()
    expect(watch.verdict('mfa.tenant')).toBe('kept')
    await damage(plant)
    try {
      const { note, measured } = await watch.look()
      expect(measured['bypassed']).toBeGreaterThanOrEqual(names.length)
      for (const name of names) expect(note).toContain(name)
      expect(watch.verdict('mfa.tenant')).toBe('broken')
    } finally {
      await damage(mend)
    }
    await watch.look()
    expect(watch.verdict('mfa.tenant')).toBe('kept')
    expect([await asked(), await canary.people()]).toEqual([false, usual])
  })
})

describe('what could not be tried is no pass', () => {
  test('a portal that does not answer', async () => {
    const away = { ...canary.subject, address: 'http://127.0.0.1:9' }
    const seen = await secondFactorCollector.collect(away, canary.given())
    expect(seen.outcome).toBe('inconclusive')
  })

  test('a wrong password, a secret without a code, and none at all', async () => {
    const { member } = canary.secret.signIn
    const whole = { ...member }
    for (const change of [{ password: 'not the one of the canary' }, { totp: 'no base 32!' }]) {
      kept.time.advance(20 * 60_000)
      Object.assign(member!, whole, change)
      const seen = await secondFactorCollector.collect(canary.subject, canary.given())
      expect(seen.outcome).toBe('inconclusive')
      for (const secret of Object.values(member!))
        if (secret.length > 8) expect(seen.note).not.toContain(secret)
    }
    Object.assign(member!, whole)
    const bare = { ...canary.subject, secret: null }
    expect((await secondFactorCollector.collect(bare, canary.given())).outcome).toBe('inconclusive')
    expect((await look()).outcome).toBe('pass')
    expect([await asked(), await canary.people()]).toEqual([false, usual])
  })

  test('too many asked in a minute', async () => {
    const strict = await kept.serve({ mostAsks: 3 })
    const slow = { ...canary.subject, address: strict }
    const seen = await secondFactorCollector.collect(slow, canary.given())
    expect(seen.outcome).toBe('inconclusive')
    expect(seen.note).toContain('429')
    expect([await asked(), await canary.people()]).toEqual([false, usual])
  })
})

test('a look that was given up half-way is put back at once, and one that died by the next', async () => {
  const given = new AbortController()
  const { outside, ...more } = canary.given(given.signal)
  let asks = 0
  const stops = (milliseconds: number) => {
    // The first wait comes once the factor is asked for.
    if (++asks === 1) given.abort()
    return outside.pause!(milliseconds)
  }
  kept.time.advance(20 * 60_000)
  const seen = await secondFactorCollector.collect(canary.subject, {
    ...more,
    now: kept.time.now(),
    outside: { ...outside, pause: stops },
  })
  expect(seen).toMatchObject({ outcome: 'inconclusive', note: 'the look was given up' })
  expect([await asked(), await canary.people()]).toEqual([false, usual])

  await damage(`update identity.settings set second_factor = true where tenant = 'canary'`)
  expect((await look()).outcome).toBe('pass')
  expect(await asked()).toBe(false)
})

test('nothing that opens anything stands in the ledger', async () => {
  await look()
  const text = await ledgerText(kept)
  for (const { password, totp } of Object.values(canary.secret.signIn))
    for (const secret of [password!, totp!]) expect(text).not.toContain(secret)
  expect(text).not.toMatch(/kept_(?:link|key|session)_/)
})
