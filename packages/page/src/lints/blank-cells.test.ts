import { describe, expect, it } from 'vitest'
import { objections } from '../../test/objections.ts'

const table = (titles: string, row: string) =>
  `| ${titles} |\n| --- | --- | --- |\n| a | b | c |\n| ${row} |\n`
const found = (page: string) => objections(page).map(({ rule, line, column }) => `${rule} ${line}:${column}`) // prettier-ignore

describe('a cell that was never filled in', () => {
  it.each([
    ['all that a row says', table('Control | Detail | Note', 'Data protection officer |  |  '), ['blank 4:28']],
    ['where something is', table('Provider | Purpose | Location', 'Mailer | Reminders |  '), ['blank 4:23']],
    ['until when it holds', table('Paper | Valid until | Scope', 'Policy |  | All'), ['blank 4:11']],
  ])('%s', (_, page, places) => {
    expect(found(page)).toEqual(places)
  }) // prettier-ignore

  it.each([
    ['a note', table('Control | Detail | Note', 'Languages | Go |  ')],
    ['a detail', table('Control | Status | Detail', 'HIPAA | Yes |  ')],
    ['a comment that is all a row could say', '| Tool | Comment |\n| --- | --- |\n| Mailer | |\n'],
    ['a dash', table('Provider | Purpose | Location', 'Mailer | Reminders | –')],
    ['an empty row', table('Control | Detail | Note', ' |  | ')],
    ['a bar that is written', table('Control | Detail | Note', 'a \\| b | c | d')],
    ['what is no table', 'We say: a | b |\n\nand | | nothing.\n'],
  ])('is not %s', (_, page) => {
    expect(found(page)).toEqual([])
  })
})
