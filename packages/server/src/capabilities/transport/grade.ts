import type { Instant } from '@kept/page'
import type { Certificate } from './certificate.ts'
import type { Version } from './hello.ts'
import type { Choice } from './survey.ts'

/** All that the grade is worked out from; whatever was seen of one endpoint. */
export interface Facts {
  choices: readonly Choice[]
  certificate: Certificate
  /** Seconds that Strict-Transport-Security asks for; 0 without it. */
  hstsSeconds: number
  now: Instant
}

export interface Grade {
  grade: string
  /** 0 to 100, before any cap. */
  score: number
  /** What keeps it from being better. */
  because: readonly string[]
}

const letters = ['A+', 'A', 'A-', 'B', 'C', 'D', 'E', 'F'] as const
type Letter = (typeof letters)[number]

/**
 * The rules, after the SSL Server Rating Guide of SSL Labs (2009r): three scores are weighed into a
 * letter, caps lower it. They are ours: SSL Labs also simulates browsers and tries known attacks,
 * such as Heartbleed and ROBOT, which nothing here looks for.
 */
export function gradeOf(facts: Facts): Grade {
  const { certificate, now } = facts
  const score = scoreOf(facts)
  if (certificate.distrust !== null) {
    return { grade: 'T', score, because: [`the certificate: ${certificate.distrust}`] }
  }
  if (now < certificate.validFrom || now >= certificate.validUntil) {
    return { grade: 'T', score, because: ['the certificate is out of its dates'] }
  }
  if (certificate.misnamed) {
    return { grade: 'M', score, because: ['the certificate is for another name'] }
  }
  const applying = caps.filter(({ when }) => when(facts))
  const plain = letterOf(score)
  const letter = worst([plain, ...applying.map(({ cap }) => cap)])
  if (letter !== 'A') {
    const because = applying.filter(({ cap }) => cap === letter).map(({ why }) => why)
    return { grade: letter, score, because }
  }
  const isStrict = facts.hstsSeconds >= 180 * 86_400
  return isStrict
    ? { grade: 'A+', score, because: [] }
    : { grade: 'A', score, because: ['Strict-Transport-Security is absent or under 180 days'] }
}

function worst(found: readonly Letter[]): Letter {
  return letters[Math.max(...found.map((letter) => letters.indexOf(letter)))]!
}

function letterOf(score: number): Letter {
  const steps: [number, Letter][] = [
    [80, 'A'],
    [65, 'B'],
    [50, 'C'],
    [35, 'D'],
    [20, 'E'],
  ]
  return steps.find(([least]) => score >= least)?.[1] ?? 'F'
}

/** A zero in any of the three makes the whole zero (guide, "Methodology Overview"). */
function scoreOf(facts: Facts): number {
  const protocols = facts.choices.map(({ version }) => protocolScores[version])
  const ciphers = facts.choices.map(({ suite }) => cipherScore(suite.bits))
  const parts = [middle(protocols), exchangeScore(facts), middle(ciphers)]
  if (parts.includes(0)) return 0
  return Math.round(parts[0]! * 0.3 + parts[1]! * 0.3 + parts[2]! * 0.4)
}

/** Between the best and the worst. */
function middle(scores: readonly number[]): number {
  const [least, most] = [Math.min(...scores), Math.max(...scores)]
  return least === 0 ? 0 : (least + most) / 2
}

const protocolScores: Record<Version, number> = {
  'SSL 3.0': 80,
  'TLS 1.0': 90,
  'TLS 1.1': 95,
  'TLS 1.2': 100,
  'TLS 1.3': 100,
}

function cipherScore(bits: number): number {
  if (bits === 0) return 0
  if (bits < 128) return 20
  return bits < 256 ? 80 : 100
}

function exchangeScore(facts: Facts): number {
  if (facts.choices.some(isAnonymous)) return 0
  const bits = leastExchangeBits(facts)
  if (bits < 512) return 20
  if (bits < 1024 || facts.choices.some(isExport)) return 40
  if (bits < 2048) return 80
  return bits < 4096 ? 90 : 100
}

/** The weaker of the certificate's key and any Diffie-Hellman prime, in bits of RSA. */
function leastExchangeBits({ certificate, choices }: Facts): number {
  const primes = choices.flatMap(({ exchange }) =>
    exchange && 'prime' in exchange ? [exchange.prime] : [],
  )
  return Math.min(certificate.keyBits, ...primes)
}

const isAnonymous = ({ suite }: Choice) => suite.exchange?.endsWith('-anon') === true
const isExport = ({ suite }: Choice) => suite.cipher === 'export-40'
const isModern = ({ version }: Choice) => version !== 'SSL 3.0' && version !== 'TLS 1.0'
const hasShortBlocks = ({ suite }: Choice) => /^(?:3des|des|idea)-/.test(suite.cipher)
const isForwardSecret = ({ suite }: Choice) =>
  suite.exchange === null || /^(?:ec)?dhe-/.test(suite.exchange)

function accepts(...names: Version[]) {
  return ({ choices }: Facts) => choices.some(({ version }) => names.includes(version))
}

interface Cap {
  cap: Letter
  when: (facts: Facts) => boolean
  why: string
}

/** What lowers a grade, whatever the score; the worst that applies decides. */
export const caps: readonly Cap[] = [
  {
    cap: 'F',
    when: ({ choices }) => choices.some(isAnonymous),
    why: 'suites without a certificate are accepted',
  },
  {
    cap: 'F',
    when: ({ choices }) => choices.some(({ suite }) => suite.bits < 112),
    why: 'ciphers under 112 bits are accepted',
  },
  {
    cap: 'F',
    when: (facts) => leastExchangeBits(facts) < 1024,
    why: 'a key or Diffie-Hellman prime is under 1024 bits',
  },
  {
    cap: 'C',
    when: (facts) => !accepts('TLS 1.2', 'TLS 1.3')(facts),
    why: 'TLS 1.2 is not accepted',
  },
  { cap: 'C', when: accepts('SSL 3.0'), why: 'SSL 3.0 is accepted' },
  {
    cap: 'C',
    when: ({ choices }) => choices.some((one) => hasShortBlocks(one) && isModern(one)),
    why: '3DES or another cipher of 64-bit blocks is accepted with TLS 1.1 or newer',
  },
  {
    cap: 'C',
    when: ({ choices }) => choices.some((one) => one.suite.cipher === 'rc4' && isModern(one)),
    why: 'RC4 is accepted with TLS 1.1 or newer',
  },
  { cap: 'B', when: accepts('TLS 1.0', 'TLS 1.1'), why: 'TLS 1.0 or 1.1 is accepted' },
  {
    cap: 'B',
    when: ({ choices }) => choices.some(({ suite }) => suite.cipher === 'rc4'),
    why: 'RC4 is accepted',
  },
  {
    cap: 'B',
    when: (facts) => leastExchangeBits(facts) < 2048,
    why: 'a key or Diffie-Hellman prime is under 2048 bits',
  },
  {
    cap: 'B',
    when: ({ choices }) => !choices.some(isForwardSecret),
    why: 'no suite has forward secrecy',
  },
  {
    cap: 'B',
    when: ({ choices }) => !choices.some(({ suite }) => suite.aead),
    why: 'no suite is authenticated encryption (AEAD)',
  },
  {
    cap: 'A-',
    when: (facts) => !accepts('TLS 1.3')(facts),
    why: 'TLS 1.3 is not accepted',
  },
]
