import { describe, expect, it } from 'vitest'
import { underlined } from '../../test/objections.ts'

const found = (...paragraphs: string[]) => underlined(paragraphs.join('\n\n'), 'third-party')
const logs = 'Errors are collected with Sentry.'

describe('data that never leaves, and services of which no place is said', () => {
  it.each([
    ['Your data never leaves Germany.', 'never leaves Germany'],
    ['Customer data does not leave the EU.', 'not leave the EU'],
    ['All data always stays within Switzerland.', 'stays within Switzerland'],
    ['Personal information is never processed outside of Canada.', 'never processed outside of Canada'],
    ['All of your records and information stay inside the EU.', 'stay inside the EU'],
    ['Everything you enter as data stays in Canada.', 'stays in Canada'],
    ['Your content remains in the United Kingdom at all times.', 'remains in the United Kingdom'],
  ])('%s', (sentence, words) => {
    expect(found(sentence, logs)).toEqual([`1: ${words}`])
    expect(found(sentence)).toEqual([])
  }) // prettier-ignore

  it.each([
    [['Your data never leaves Germany.', 'Errors are collected with Sentry (Frankfurt).']],
    [['Your data never leaves Germany.', '| Service | Region |\n| --- | --- |\n| Sentry | Germany |']],
    [['Database backups never leave Germany.', logs]],
    [['We never leave us a way back.', logs]],
    [['Our offices remain in Germany.', logs]],
    [['Your data is stored in Germany.', logs]],
    [['All data in backups stays in Germany.', logs]],
    [['Your data remains in Germany for 30 days.', logs]],
    [['All our staff who handle data are in Germany.', logs]],
    [['All customer data remains in Germany.', 'Errors are collected with Sentry in Germany.']],
  ])('lets pass: %j', (paragraphs) => {
    expect(found(...paragraphs)).toEqual([])
  }) // prettier-ignore
})
