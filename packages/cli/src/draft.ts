import { draft as makeDraft, type Draft } from '@kept/page'
import type { Command } from './command.ts'
import { toJson } from './json.ts'
import { sayParams, sayProof } from './report/report.ts'
import { readFormat, readPage } from './report/source.ts'
import { clean, cleanLines, wrap } from './typeset.ts'

export const draft: Command = {
  name: 'draft',
  says: 'turn an existing security page into a Kept page, its prose word for word',
  arguments: [
    { name: 'PAGE', says: 'the page: Markdown, plain text or HTML; `-` is standard input' },
  ],
  options: {
    output: { value: 'FILE', short: 'o', says: 'write the Kept page to this file' },
    json: { says: 'print what was recognised, and what was not, as JSON' },
  },
  example: 'kept draft security.md -o kept.md',
  async run({ words: [page = ''], options }, terminal) {
    const source = await readPage(page, terminal)
    const drafted = makeDraft(source.text, { format: await readFormat(page, source.text) })
    const output = options.get('output')
    if (output !== undefined) terminal.write(output, drafted.markdown)
    if (options.has('json')) await terminal.print(draftAsJson(drafted))
    else if (output === undefined) {
      await terminal.print([terminal.screen ? cleanLines(drafted.markdown) : drafted.markdown])
    }
    if (!options.has('json')) terminal.complain(draftSummary(source.name, drafted, terminal.width))
    return 0
  },
}

export function draftAsJson({ claims, unrecognised }: Draft): Iterable<string> {
  return toJson({
    claims: claims.values().map((claim) => ({
      line: claim.line,
      column: claim.column,
      text: claim.text,
      proof: sayProof(claim),
      params: sayParams(claim),
      address: claim.address,
    })),
    unrecognised: unrecognised.values().map(({ line, column, text, because, suggestion }) => ({
      line,
      column,
      text,
      because,
      suggestion,
    })),
  })
}

/** What a person is told beside the page: every sentence that still needs a hand. */
export function draftSummary(
  name: string,
  { claims, unrecognised }: Pick<Draft, 'claims' | 'unrecognised'>,
  width: number,
): string {
  const lines = unrecognised.flatMap(({ line, column, text, because, suggestion }) => [
    ...wrap(text, width, `${clean(name)}:${line}:${column}: unrecognised: `, '    '),
    ...wrap(because, width, '  because: ', '    '),
    ...(suggestion ? wrap(suggestion, width, '  fix: ', '    ') : []),
  ])
  const linked = count(claims.length, 'promise')
  const sum = `${linked} linked, ${count(unrecognised.length, 'sentence')} not recognised`
  return `${[...lines, sum].join('\n')}\n`
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
