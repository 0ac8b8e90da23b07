import { describe, expect, it } from 'vitest'
import { webLinks } from './links.ts'

describe('the web links of a page', () => {
  it.each([
    ['inline', '[a](https://a.example/x?y=1&amp;z "title")', ['https://a.example/x?y=1&z']],
    ['in pointed brackets', '[a](<https://a.example/x y>)', ['https://a.example/x%20y']],
    ['by reference', '[a][one]\n\n[one]: https://a.example', ['https://a.example/']],
    [
      'written out',
      '<https://a.example> and http://b.example, www.c.example',
      ['https://a.example/', 'http://b.example/', 'http://www.c.example/'],
    ],
    [
      'once, without fragment',
      '[a](https://a.example/#x) [b](https://a.example/#y)',
      ['https://a.example/'],
    ],
    [
      'not of claims, mail, images or code',
      '[a](kept:links) [b](mailto:a@b.example) ![c](https://c.example) `https://d.example`',
      [],
    ],
    [
      'not of front matter',
      '---\ncompany: https://a.example\n---\n[b](https://b.example)',
      ['https://b.example/'],
    ],
  ])('are read %s', (_, source, urls) => {
    expect(webLinks(source)).toEqual(urls)
  })
})
