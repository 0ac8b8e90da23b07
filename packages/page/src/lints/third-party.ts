import type { Finding } from '../finding.ts'
import { object, quote, spanOf, type Reading, type Said } from './reading.ts'
import { firstUses, sayUses, servicesOf } from './services.ts'

const party = String.raw`(?:third[- ]parties|any (?:other )?third[- ]party|a third[- ]party|third[- ]party (?:compan(?:y|ies)|organi[sz]ations?|entit(?:y|ies)))\b(?! (?:software|apps?|applications?|cookies|librar|services?|tools?|vendors?|integrations?|components?|code|websites?|audit))`
const never = String.raw`(?:do not|don't|does not|doesn't|never|will not|won't|is not|are not|isn't|aren't|cannot|not)`
/** Whoever it may be: nobody outside is meant to get the data. */
const anyone = String.raw`(?:anyone|anybody|any (?:other|outside|external) (?:compan(?:y|ies)|part(?:y|ies)|organi[sz]ations?|business(?:es)?)|other companies)\b(?! (?:else )?(?:who|not|inside|within|outside(?! (?:of )?(?:our|the) (?:company|organi[sz]ation|team|firm|business|group)))\b)`
const absolute = [
  new RegExp(
    String.raw`\b${never}\b[^.;:]{0,40}?\b(?:share|shared|disclose|disclosed|give|given|pass|passed|provide|provided|transfer|transferred|hand|handed|reveal|revealed)\b[^.;:]{0,60}?\b(?:with|to) ${party}`,
  ),
  new RegExp(
    String.raw`\b${never}\b[^.;:]{0,20}?\b(?:allow|let|permit|grant|give)\b[^.;:]{0,10}?\b${party}[^.;:]{0,30}\b(?:access|see|view|read)\b`,
  ),
  new RegExp(
    String.raw`(?<=\b(?:we|our company)\b[^.;]{0,20})\b${never}\b[^.;:]{0,20}?\b(?:share|disclose|give|pass|provide|transfer|hand|reveal)\b[^.;:]{0,40}?\b(?:with|to) ${anyone}`,
  ),
  new RegExp(
    String.raw`(?<=\b(?:data|information|content|records|documents)\b[^.;]{0,20})\b${never}\b[^.;:]{0,10}?\b(?:shared|disclosed|given|passed|provided|transferred|handed|revealed)\b[^.;:]{0,20}?\b(?:with|to) ${anyone}`,
  ),
  /\bno (?:other )?third[- ]part(?:y|ies)\b[^.;:]{0,30}\b(?:access|see|view|read|receives?|gets?|given)\b/,
  /\b(?:shar\w+|disclos\w+|given|pass\w*|transfer\w*)\b[^.;:]{0,20}\b(?:with|to) no (?:other )?third[- ]part(?:y|ies)\b/,
]
const personal = /\b(?:data|information|content|it|records|documents)\b/
const excepted =
  /\b(?:except|other than|apart from|besides|sub-?processors?|service providers?|vendors?|suppliers?|necessary|required|needed|marketing|advertis\w*|their own|commercial|monetary|who are not|not bound|not listed)\b/
const bounded = /\b(?:unless|without|consent|permission)\b/
const defines = /\b(?:sub-?processors?|service providers?)\b/
const hands = /\b(?:hosting|logs|errors|support|chat|mail|alerts|analytics|payments)\b/

/** "No third party" on a page that names those it hands data to. */
export function thirdParty(page: Reading): Finding[] {
  const claims = page
    .stating([
      'third',
      'party',
      'parties',
      'anyone',
      'anybody',
      'company',
      'companies',
      'organization',
      'organizations',
      'organisation',
      'organisations',
      'business',
      'businesses',
    ])
    .flatMap((said) => {
      const match = claimOf(said)
      return match ? [{ said, span: spanOf(match) }] : []
    })
  if (claims.length === 0) return []
  const uses = firstUses(servicesOf(page).filter(({ kind }) => hands.test(kind)))
  const named = page.stating([
    'processors',
    'processor',
    'subprocessors',
    'subprocessor',
    'providers',
  ])
  const isDefined = named.some(({ text }) => defines.test(text))
  if (uses.length === 0) return []
  return claims
    .filter(({ said }) => !(isDefined && bounded.test(said.text)))
    .slice(0, 3)
    .map(({ said, span }) => {
      const services = uses.slice(0, 3).map(({ service }) => service).join(', ') // prettier-ignore
      return object(page, said, span, {
        rule: 'third-party',
        level: 'warning',
        message: `The page itself names third parties that hold or pass data: ${sayUses(uses)}. Say who counts as a third party, and list the sub-processors.`,
        suggestion: `${quote(said, span)} other than the sub-processors we list (${services})`,
      })
    })
}

function claimOf(said: Said): RegExpExecArray | null {
  if (!personal.test(said.text) || excepted.test(said.text)) return null
  for (const pattern of absolute) {
    const match = pattern.exec(said.text)
    if (match) return match
  }
  return null
}
