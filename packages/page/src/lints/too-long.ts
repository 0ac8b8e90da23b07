import { isTooLong, mostWords } from '../draft/recognise.ts'
import { findingAt, type Finding } from '../finding.ts'
import { sentencesOf } from '../read/sentences.ts'
import type { Reading } from './reading.ts'

/** Sentences in which nobody looks for promises: said, so that what they promise is not lost unseen. */
export function tooLong({ source }: Reading): Finding[] {
  return source.prose.blocks.flatMap((block) => {
    if (block.kind === 'heading') return []
    return sentencesOf(block)
      .filter((sentence) => isTooLong(sentence))
      .map(({ from, to }) =>
        findingAt(source.lines, { from: block.at(from), to: block.behind(Math.min(to, from + 80)) }, {
          rule: 'unreadable',
          level: 'warning',
          message: `this sentence is longer than ${mostWords} words, so nobody looked for promises in it: break it up`,
        }),
      ) // prettier-ignore
  })
}
