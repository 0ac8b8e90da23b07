import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import type * as Phrases from './phrases.ts'
import { tokenize } from './tokens.ts'

const texts = readFileSync(join(import.meta.dirname, '../../test/wordings.txt'), 'utf8').split('\n')

async function load(built: string | null): Promise<typeof Phrases> {
  vi.resetModules()
  vi.doMock('./built.ts', () => ({ built }))
  // Every phrase that a rule or a topic names is known once these are.
  await import('../index.ts')
  return import('./phrases.ts')
}

it('what a build learned finds the same phrases as what is learned at the start', async () => {
  const learned = await load(null)
  const built = await load(learned.learnedPhrases())
  expect(built.idOf('customer')).toBe(learned.idOf('customer'))
  for (const text of texts)
    expect(built.findPhrases(text, tokenize(text))).toEqual(learned.findPhrases(text, tokenize(text)))
}) // prettier-ignore
