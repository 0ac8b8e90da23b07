import { describe, expect, it } from 'vitest'
import { underlined } from '../../test/objections.ts'
import type { Format } from '../index.ts'
import { readHtml } from '../read/html.ts'

const found = (page: string, format: Format = 'markdown') => underlined(page, 'blank', format)

describe('something missing', () => {
  it.each([
    ['You can find our status page here:', 'here:'],
    ['Our policy is published here: .', 'here: .'],
    ['For questions, write to or call us.', 'write to'],
    ['Our policies are published at: and', 'at: and'],
    ['Please report vulnerabilities to us at.', 'at.'],
    ['For privacy questions contact us at , or call us.', 'at ,'],
    ['Write to our security team via', 'via'],
    ['The officer is TBD.', 'TBD'],
    ['Call us on XXXX.', 'XXXX'],
    ['Write to [insert email].', '[insert email]'],
    ['We at {{ company }} care.', '{{ company }}'],
    ['Lorem ipsum dolor sit amet.', 'Lorem ipsum'],
    ['Our officer is ________.', '________'],
    ['Read more about it in [our policy]().', '[our policy]()'],
  ])('%s', (sentence, words) => {
    expect(found(sentence)).toEqual([`1: ${words}`])
    expect(found(`${sentence}\n\n## Next\n\nMore.`)).toEqual([`1: ${words}`])
  })

  it('is found in plain text and HTML', () => {
    expect(found('Reports are published here:\n\nOur app is safe and sound.', 'text')).toEqual([
      '1: here:',
    ])
    expect(
      found('<p>For questions reach us at</p><p>We are glad to help you.</p>', readHtml),
    ).toEqual(['1: at'])
    expect(
      found('<p>Please read our whole <a href="">policy</a> first.</p>', readHtml),
    ).toHaveLength(1)
  })

  it.each([
    'You can find us here:\n\n- Berlin\n- Oslo',
    'Our reports are published at:\n\nhttps://example.com/reports',
    'You can reach us at:\n\nsecurity@example.com',
    'Contact us at security@example.com.',
    'We write to disk and call it a day.',
    'Reports are published [here](https://example.com).',
    'Our key is here:\n\n```\nABCDEF\n```',
    'Write to [email protected] at any time.',
    'See where our servers are located at.',
    'Card numbers are shown as XXXX-1234.',
    'We report what we work at.',
    'We follow the todo list of the audit.',
    'Back to [top](#) of this long page.',
  ])('lets pass: %s', (page) => {
    expect(found(page)).toEqual([])
  })

  it.each([
    '<p>Contact us via:</p><form><input></form>',
    '<p>Reports are published here:</p><ul><li>SOC 2</li></ul>',
    '<p>You can reach us at <a href="mailto:a@example.com">a@example.com</a></p>',
    '<p><a name="top">Security</a> matters to us and to you.</p>',
    '<p>The page is here:</p><p><img src="a.png"></p><p>More.</p>',
  ])('lets pass: %s', (page) => {
    expect(found(page, readHtml)).toEqual([])
  })
})
