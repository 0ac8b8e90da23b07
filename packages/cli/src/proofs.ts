import { proofs as vocabulary, type Proof } from '@kept/page'
import type { Command } from './command.ts'
import { painter } from './look.ts'
import { toJson } from './json.ts'
import type { Manner } from './report/text.ts'
import { wrap } from './typeset.ts'

export const proofs: Command = {
  name: 'proofs',
  says: 'list every proof that a promise can link to',
  arguments: [],
  options: { json: { says: 'print JSON' } },
  example: 'kept proofs',
  async run({ options }, terminal) {
    await terminal.print(
      options.has('json') ? proofsAsJson(vocabulary) : proofsAsText(vocabulary, terminal),
    )
    return 0
  },
}

function proofsAsJson(list: readonly Proof[]): Iterable<string> {
  return toJson({
    proofs: list.map(({ id, means, params, example }) => ({
      id,
      means,
      params: Object.keys(params),
      example,
    })),
  })
}

function* proofsAsText(list: readonly Proof[], { width, colour }: Manner): Generator<string> {
  const paint = painter(colour)
  for (const { id, means } of list) {
    yield `${paint('bold', id)}\n${wrap(means, width, '    ').join('\n')}\n`
  }
  yield `\n${list.length} proofs; \`kept explain PROOF\` says what proves one\n`
}
