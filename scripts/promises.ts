// Writes docs/promises.md from examples/promises.ts: `npm run promises`. A test fails when the two differ.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseAddress } from '../packages/page/src/address.ts'
import type { Obligation } from '../packages/page/src/page.ts'
import { compose } from '../packages/server/src/platform.ts'
import { testBundles, testLog } from '../packages/server/test/log.ts'
import {
  companies,
  groups,
  kinds,
  kindsOf,
  letterOf,
  rows,
  type Group,
  type Kind,
  type Letter,
  type Row,
} from '../examples/promises.ts'

const { capabilities } = compose({
  log: testLog,
  witnesses: [],
  bundles: testBundles,
  identityKey: new Uint8Array(32),
  origin: 'https://kept.test',
  mails: false,
})

/** The kinds of evidence that collectors of this repository make, each with the types of systems it looks at. */
const collected = new Map<string, readonly string[]>(
  capabilities.flatMap(({ collectors = [] }) => collectors).map(({ kind, of }) => [kind, of]),
)

export const target = fileURLToPath(new URL('../docs/promises.md', import.meta.url))

export function renderPromises(): string {
  return [intro(), ...(Object.keys(companies) as Letter[]).map(renderCompany)].join('\n\n') + '\n'
}

function intro(): string {
  const proven = rows.filter((row) => row.address !== null)
  const used = new Set(proven.flatMap((row) => obligations(row).map(({ proof }) => proof.id)))
  const missing = proven.filter((row) => uncollected(row).length > 0)
  return `<!-- Written by \`npm run promises\` from examples/promises.ts; edit that file, not this one. -->
# The ${rows.length} promises

Three real security pages promise ${rows.length} things; they are what Kept has to be able to keep. ${proven.length} of them are bound to ${used.size} proofs. The other ${rows.length - proven.length} hold nothing that could be measured: Kept calls them \`unprovable\` and proposes the rewrite shown.

**What is missing today:** ${missing.length} of the ${proven.length} need evidence that no collector in this repository makes yet. Until there is one, a runner pushes it with \`kept evidence push\`, and a person says with \`kept attest\` what nothing measures; without it the verdict is \`unproven\`.

To see one: \`npx kept check examples/<company>/security.md --systems examples/<company>/systems.yaml\` judges the Kept page that holds the claim, and \`npx kept explain <proof>\` says what its proof means and needs.

Kinds: ${Object.entries(kinds)
    .map(([kind, means]) => `${kind} ${means}`)
    .join('; ')}.

${countTable()}`
}

function countTable(): string {
  const letters = Object.keys(companies) as Letter[]
  return table(
    ['kind', ...letters.map((letter) => companies[letter].name), 'all'],
    (Object.keys(kinds) as Kind[]).map((kind) => {
      const counts = letters.map((letter) => count(letter, kind))
      const all = counts.reduce((sum, one) => sum + one, 0)
      return [kind, counts, all].flat().map(String)
    }),
  )
}

function count(letter: Letter, kind: Kind): number {
  return rows.filter((row) => letterOf(row) === letter && kindsOf(row).includes(kind)).length
}

function renderCompany(letter: Letter): string {
  const { name, folder } = companies[letter]
  const own = rows.filter((row) => letterOf(row) === letter)
  const parts = (Object.keys(groups) as Group[]).flatMap((group) => {
    const inGroup = own.filter((row) => row.group === group)
    if (inGroup.length === 0) return []
    return [`### ${name}: ${groups[group]}\n\n${inGroup.map(renderRow).join('\n\n')}`]
  })
  return [
    `## ${name}: ${own.length} promises\n\nThe page before Kept is \`examples/${folder}/${companies[letter].before}\`, the Kept page \`examples/${folder}/security.md\`.`,
    ...parts,
  ].join('\n\n')
}

function renderRow(row: Row): string {
  const { folder } = companies[letterOf(row)]
  const lines = [`**${row.id}** ${row.promise} (${row.kind})`, '']
  lines.push(`- threshold: ${row.threshold || 'none stated'}`)
  const claimed =
    row.claim === null ? null : `\`${row.claim}\` in \`examples/${folder}/security.md\``
  if (row.address === null) {
    lines.push('- proof: none; as written nothing could prove it')
    lines.push(`- rewrite: \`${row.rewrite}\``)
    if (claimed) lines.push(`- see: ${claimed} holds the rewrite`)
    return lines.join('\n')
  }
  const needed = obligations(row)
  lines.push(`- proof: \`${row.address}\``)
  if (row.corrected) lines.push(`- on the Kept page otherwise: ${row.corrected}`)
  const explain = needed.map(({ proof }) => `\`kept explain ${proof.id}\``).join(', ')
  lines.push(`- see: ${claimed}; ${explain}`)
  lines.push(`- connect: ${needed.map(({ proof }) => proof.connect).join('; ')}`)
  lines.push(`- missing: ${sayMissing(row)}`)
  return lines.join('\n')
}

function sayMissing(row: Row): string {
  const missing = uncollected(row)
  if (missing.length === 0) return 'nothing'
  const named = missing.map(
    ({ kind, of }) => `\`${kind}\`${of ? ` about each ${of.join(' and ')}` : ''}`,
  )
  return `needs evidence of ${named.join(', ')}; no collector in this repository yet`
}

interface Missing {
  kind: string
  /** The types of systems about which nothing here collects it; null for all. */
  of: string[] | null
}

/** Kinds of evidence a row rests on, of those that nothing here collects about all that it is about. */
function uncollected(row: Row): Missing[] {
  const needed = obligations(row).flatMap(({ proof, params }) =>
    proof.needs.flatMap((need) => {
      const of = need.types?.(params) ?? need.of
      const kinds =
        need.form === 'clocked' ? [need.kind, need.intake.kind, need.rehearsal.kind] : [need.kind]
      return kinds.map((kind) => ({ kind, of }))
    }),
  )
  const missing = needed.flatMap(({ kind, of }): Missing[] => {
    const known = collected.get(kind)
    if (!known) return [{ kind, of: null }]
    const rest = of.filter((type) => !known.includes(type))
    return rest.length > 0 ? [{ kind, of: rest }] : []
  })
  return [...new Map(missing.map((one) => [one.kind, one])).values()]
}

function obligations(row: Row): readonly Obligation[] {
  const address = row.address
  return address === null ? [] : parseAddress(address).obligations
}

function table(head: readonly string[], body: readonly (readonly string[])[]): string {
  const ruled = [head, head.map(() => '---'), ...body]
  return ruled.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

if (import.meta.main) {
  mkdirSync(dirname(target), { recursive: true })
  writeFileSync(target, renderPromises())
  console.log(`wrote docs/promises.md, ${rows.length} promises`)
}
