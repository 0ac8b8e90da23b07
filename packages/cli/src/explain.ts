import {
  commonParams,
  didYouMean,
  findProof,
  formatDuration,
  proofs,
  sayFreshness,
  subjectMeanings,
  type FieldType,
  type Fields,
  type Need,
  type Param,
  type Proof,
} from '@kept/page'
import type { Command } from './command.ts'
import { Failure } from './failure.ts'
import { painter, type Paint } from './look.ts'
import { toJson } from './json.ts'
import type { Manner } from './report/text.ts'
import { wrap } from './typeset.ts'

export const explain: Command = {
  name: 'explain',
  says: 'say what a proof means, what proves it and what to connect',
  arguments: [
    {
      name: 'PROOF',
      says: 'the id of a proof, as `kept proofs` lists them',
      words: proofs.map(({ id }) => id),
    },
  ],
  options: { json: { says: 'print JSON' } },
  example: 'kept explain incident.notice',
  async run({ words: [id = ''], options }, terminal) {
    const proof = findProof(id)
    if (!proof) throw unknownProof(id)
    await terminal.print(options.has('json') ? proofAsJson(proof) : [proofAsText(proof, terminal)])
    return 0
  },
}

function unknownProof(id: string): Failure {
  const near = didYouMean(
    id,
    proofs.map((proof) => proof.id),
  )
  const fix = near ? `did you mean ${near}?` : '`kept proofs` lists all'
  return new Failure('kept explain', `there is no proof "${id}"`, fix)
}

function proofAsJson(proof: Proof): Iterable<string> {
  const { id, means, connect, example } = proof
  const params = { ...proof.params, ...commonParams }
  return toJson({ id, means, params, evidence: proof.needs.map(describeNeed), connect, example })
}

/** The evidence a need asks for, with `measured` of a passing one. */
function describeNeed(need: Need) {
  const { kind, form, of, good } = need
  const fields: Fields = { ...need.fields, ...(form === 'clocked' ? clockFields : {}) }
  const also =
    form === 'clocked' ? { intake: sayBeat(need.intake), rehearsal: sayBeat(need.rehearsal) } : {}
  return { kind, form, about: of, fresh: sayFreshness(need), fields, ...also, measured: good }
}

/** What each event's evidence carries besides the facts of its proof. */
const clockFields: Fields = {
  case: 'text',
  startedAt: 'instant',
  dueAt: 'instant?',
  doneAt: 'instant?',
}

function sayBeat({ kind, age }: { kind: string; age: Parameters<typeof formatDuration>[0] }) {
  return { kind, every: formatDuration(age) }
}

function proofAsText(proof: Proof, { width, colour }: Manner): string {
  const paint = painter(colour)
  const params: [string, Param][] = Object.entries({ ...proof.params, ...commonParams })
  const sections: [string, string[]][] = [
    [
      'Parameters',
      [
        ...params.flatMap(([name, param]) => writeParam(name, param, width)),
        ...sayOneOf(proof, width),
      ],
    ],
    ['Evidence', proof.needs.flatMap((need) => writeNeed(need, width))],
    ['Connect', wrap(proof.connect, width, '  ')],
    ['Example', wrap(proof.example, width, '  ')],
  ]
  const head = [paint('bold', proof.id), ...wrap(proof.means, width)]
  return `${[head, ...sections.map((section) => writeSection(section, paint))]
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

function writeSection([title, lines]: [string, string[]], paint: Paint): string[] {
  return [paint('bold', title), ...lines]
}

function writeParam(name: string, param: Param, width: number): string[] {
  const need = 'required' in param && param.required ? ', required' : ''
  return wrap(`${param.says} (${sayType(param)}${need})`, width, `  ${name}: `, '      ')
}

function sayOneOf({ oneOf }: Proof, width: number): string[] {
  return oneOf ? wrap(`At least one is needed of: ${oneOf.join(', ')}`, width, '  ') : []
}

function sayType(param: Param): string {
  switch (param.type) {
    case 'duration':
      return 'a duration such as 4h, 30d or 2mo'
    case 'limit':
      return ['4h, or target and promise as 2h..4h', ...(param.words ?? [])].join(', or ')
    case 'number':
      return `a number from ${param.least} to ${param.most}`
    case 'word':
      return param.of ? `one of ${param.of.join(', ')}` : 'a word'
    case 'list':
      return param.of ? `some of ${param.of.join(', ')}` : 'words separated by commas'
    case 'date':
      return 'a date such as 2027-03-01'
  }
}

function writeNeed(need: Need, width: number): string[] {
  const { fields, about, fresh, measured, intake, rehearsal } = describeNeed(need)
  const subjects = about.map((type) => `${type} (${subjectMeanings[type]})`).join(', or each ')
  const said = Object.entries(fields).map(([name, type]) => sayField(name, type))
  return [
    ...wrap(`about each ${subjects}`, width, `  ${need.kind} `, '      '),
    ...wrap(fresh, width, '      '),
    ...wrap(said.join('; '), width, '      carries: ', '        '),
    ...(intake ? wrap(`${intake.kind} every ${intake.every}`, width, '      intake alive: ') : []),
    ...(rehearsal
      ? wrap(`${rehearsal.kind} every ${rehearsal.every}`, width, '      rehearsed: ')
      : []),
    ...wrap(JSON.stringify(measured), width, '      measured: ', '        '),
  ]
}

/** `dueAt (a time such as 2026-11-20T12:00:00Z, and may be absent)`. */
function sayField(name: string, type: FieldType | `${FieldType}?`): string {
  const absent = type.endsWith('?') ? ', and may be absent' : ''
  return `${name} (${fieldMeanings[type.replace('?', '') as FieldType]}${absent})`
}

/** What zero or nothing would not prove is said to be something. */
const fieldMeanings: Record<FieldType, string> = {
  number: 'a number',
  count: 'a whole number',
  amount: 'a number above zero',
  some: 'a whole number above zero',
  words: 'a list of at least one text',
  found: 'a list of texts, or an empty one',
  text: 'a text',
  yes: 'true or false',
  instant: 'a time such as 2026-11-20T12:00:00Z',
}
