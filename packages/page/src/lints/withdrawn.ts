import type { Finding } from '../finding.ts'
import { sayDay } from './dates.ts'
import { leadOf, object, quote, sayLines, spanOf, type Reading, type Said } from './reading.ts'
import { editions, type Edition } from './withdrawn-editions.ts'

/** A page may say how it got rid of what ended. */
const gone =
  /\b(?:not|no|never|\w+n't|nor|cannot|disabl\w*|refus\w*|reject\w*|block\w*|deprecat\w*|unsupported|remov\w*|drop\w*|prohibit\w*|forbid\w*|forbidden|disallow\w*|bans?|bann(?:ed|ing)|below|older|earlier|previous\w*|former\w*|replac\w*|supersed\w*|success\w*|retir\w*|transition\w*|migrat\w*|moved|upgrad\w*|instead|rather|legacy|obsolete|insecure|weak|vulnerable|outdated|turn(?:ed|s|ing)? (?:off|away|down)|switch(?:ed|es|ing)? off|shut off|gone|dead|broken|cracked|unsafe|discontinued|abandon\w*|denied|invalid\w*|withdrawn|avoid\w*|without|prior|sunset\w*|phas\w*|histor\w*|used to|attacks?|downgrade|lower than|less than|struck|schrems|predecessor|(?:was|were) (?:certified|audited|compliant|accredited)|between (?:19|20)\d\d and)\b/

/** Words for what is old say nothing of its end where it is still in use. */
const old = /\b(?:legacy|older|earlier|obsolete|insecure|weak|vulnerable|outdated)\b/g
const inUse =
  /\b(?:is|are|still|we|servers?|endpoints?|platform|service) (?:(?:\w+ ){0,2}(?:and|or) )?(?:\w+ )?(?:support(?:s|ed)?|accept(?:s|ed)?|allow(?:s|ed)?|offer(?:s|ed)?|enabled|available|use[sd]?)\b/

const latest =
  /\b(?:all (?:of )?)?(?:the )?(?:latest|newest|most recent|most current)(?: \w+){0,3}? standards\b/

/** Standards, editions and techniques named as in force though they have ended. */
export function withdrawn(page: Reading): Finding[] {
  const findings: Finding[] = []
  const old = new Map<Said, Edition>()
  const cells = page.said
    .filter(({ block, raw }) => block.kind === 'cell' && /\d/.test(raw))
    .slice(0, 2000)
  for (const edition of editions) {
    if (edition.ended >= page.today) continue
    const mentioning = page.mentioning(edition.words)
    const found = [...new Set([...mentioning, ...cells])].flatMap((said) => {
      const span = named(said, edition) ?? inRow(said, edition)
      return span ? [{ said, span }] : []
    })
    for (const { said, span } of edition.colloquial ? found.slice(0, 1) : found.slice(0, 5)) {
      if (edition.kind === 'standard') old.set(said, edition)
      findings.push(
        object(page, said, span, {
          rule: 'withdrawn',
          level: edition.colloquial ? 'warning' : 'error',
          message: say(edition, successorOf(edition, said)),
          suggestion: successorOf(edition, said),
        }),
      )
    }
  }
  return [...findings, ...latestOf(page, old)]
}

/** A fast hash in place of another keeps no password. */
function successorOf({ successor, forPasswords }: Edition, said: Said): string | null {
  const context = `${said.text} ${leadOf(said)}`
  return forPasswords && /\b(?:passwords?|passphrases?|credentials)\b/.test(context) ? forPasswords : successor
} // prettier-ignore

function say({ name, ended, source, kind, colloquial }: Edition, successor: string | null): string {
  if (colloquial) {
    return `${name} has been forbidden since ${sayDay(ended)} (${source}); what your servers speak is TLS. Say which version is the least they accept.`
  }
  const many = / and /.test(name)
  const over = kind === 'standard' ? 'ended' : `${many ? 'have' : 'has'} been ruled out since`
  return `${name} ${over} ${kind === 'standard' ? 'on ' : ''}${sayDay(ended)} (${source}); today it is ${successor}.`
}

function named(said: Said, { pattern, unless, capitals }: Edition) {
  if (said.raw.endsWith('?') || unless?.test(said.text)) return null
  const match = pattern.exec(said.text)
  if (!match) return null
  const span = spanOf(match)
  const words = quote(said, span)
  if (capitals && words !== words.toUpperCase()) return null
  const around = said.text.slice(Math.max(0, span.from - 80), span.to + 80)
  return gone.test(inUse.test(said.text) ? around.replace(old, '') : around) ? null : span
}

/** `PCI DSS | v3.2.1`: the name in one cell of a row, its edition in the next. */
function inRow(said: Said, { pattern, unless }: Edition) {
  if (said.block.kind !== 'cell' || said.raw.length > 200 || pattern.test(said.text)) return null
  for (const joint of [' ', ':']) {
    const before = `${leadOf(said)}${joint}`
    const row = before + said.text
    const match = pattern.exec(row)
    if (!match || unless?.test(row) || gone.test(row.slice(Math.max(0, match.index - 40)))) continue
    const to = match.index + match[0].length - before.length
    if (to > 0) return { from: 0, to }
  }
  return null
}

/** "All the latest standards" is false as well while the page names one that has ended. */
function latestOf(page: Reading, old: ReadonlyMap<Said, Edition>): Finding[] {
  if (old.size === 0) return []
  return page.stating(['latest', 'newest', 'recent', 'current']).flatMap((said) => {
    const match = latest.exec(said.text)
    if (!match) return []
    const names = [...new Set([...old.values()].map(({ name }) => name))].join(', ')
    return object(page, said, spanOf(match), {
      rule: 'withdrawn',
      level: 'error',
      message: `"${match[0]}" is not true: ${sayLines([...old.keys()], 'names', 'name').toLowerCase()} ${names}. List the standards with their editions.`,
    })
  })
}
