import type { Finding } from '../finding.ts'
import { sayDay } from './dates.ts'
import { object, type Reading, type Said } from './reading.ts'

/** What became of providers; only what they announced themselves. */
const statuses = [
  {
    name: 'Heroku',
    words: ['heroku'],
    pattern: /\bheroku\b/,
    since: '2026-02-06',
    status:
      'is in "sustaining engineering": no new features and no new Enterprise contracts, as it announced',
  },
  {
    name: 'Opsgenie',
    words: ['opsgenie'],
    pattern: /\bopsgenie\b/,
    since: '2025-06-04',
    status: 'is no longer sold and ends on 5 April 2027, as Atlassian announced',
  },
  {
    name: 'AWS OpsWorks',
    words: ['opsworks'],
    pattern: /\bopsworks\b/,
    since: '2024-05-26',
    status: 'has been switched off, as AWS announced',
  },
] as const

const praise =
  /\b(?:leading|designed|trusted|best|updates?|controls?|helps?|assists?|maintains?|maintained|applies|apply|scal\w+|continuous\w*|innovat\w*|modern)\b/
const rests =
  /\b(?:host(?:ed|s|ing)?|built|runs?|running|deploy(?:ed)?|platform|infrastructure|uses?|using|on-?call|alerts?|paged?)\b/
const aware =
  /\b(?:sustaining|end of (?:life|sale|support)|migrat\w*|moving (?:away|off|to)|leaving|replac\w*|no longer|used to|previously|phas\w*|left|(?:do|does|did) not (?:use|run|host)|not (?:used|hosted|run)|until 20\d\d)\b/

/** Sentences that lean on a provider whose status has changed behind the page's back. */
export function providerStatus(page: Reading): Finding[] {
  return statuses.flatMap((provider) => {
    if (provider.since > page.today) return []
    const mentions = page.stating(provider.words)
    if (mentions.some(({ text }) => aware.test(text))) return []
    const praised = perBlock(mentions.filter(({ text }) => praise.test(text)))
    const resting = perBlock(mentions.filter(({ text }) => rests.test(text)))
    const said = praised.length > 0 ? praised.slice(0, 3) : resting.slice(0, 1)
    return said.map((one) => {
      const match = provider.pattern.exec(one.text)!
      return object(page, one, { from: match.index, to: match.index + match[0].length }, {
        rule: 'provider-status',
        level: 'warning',
        message: `Since ${sayDay(provider.since)} ${provider.name} ${provider.status}. Check what this sentence still may say of it, and say the plan.`,
      }) // prettier-ignore
    })
  })
}

/** One sentence of each paragraph or item. */
function perBlock(said: readonly Said[]): Said[] {
  return said.filter(({ block }, i) => said[i - 1]?.block !== block)
}
