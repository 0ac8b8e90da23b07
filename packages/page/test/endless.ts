/** What begins something in Markdown, ends it, or nearly does. */
export const markdown = [
  '[', '](', '](kept:', '[a](', '![a](', '[a](kept:backup', '[a](b ', '[a](b (', '[a](b "', '[a](<b', '[a][',
  '[a]()', '[a] ', '[a](b)', '[*a](b)', '*[a](b', '[[a]](kept:backup) ', '[aN](kept:backup) ', '![', '[^a] ',
  '[^a]: [x](kept:backup)\n\n', '[a]: b\n', '[a]: b "\n', '*a ', 'a* ', '**a', 'a**b*', '*a b** ', '*a _b c* d_ ',
  '[*a](b) c* ', '~~~a b~~ ', 'a_b_', '&amp;]', '&amp; a* ', '`', '`a``', '<', '<a ', '<a:b ', '<a b="', '<!--',
  '<?', '<!A', '<![CDATA[', '<a@b', '<br>', 'www.a.b ', 'www.a.b', 'http://a.b/)', 'a@b.c ', 'a@', '-a@b-_', ' ',
  '  \na', '\\', '\\\n', '\t', '\n', 'a\n', '> ', '> a\n', '- ', '- a\n', '- > ', '1) ', '- - a\n', '# a\n', 'a\n-\n',
  '|', '| a | b |\n', '|-|\n', '```\n', '    a\n', '<div>\n', '<b>', '. ', ')', '"',
] // prettier-ignore
/** The same of HTML. */
export const html = [
  '<', '<p>', '<div>', '<b>', '<a href="kept:x">', '</a>', '<td>', '<table>', '<ul><li>', '<!--', '<?', '&a', '<h1>',
  '<pre>', '<pre>a</pre>', '<xmp><a ', '<xmp><!--', '<a b="', '</', '<i><b>', '<span>a</span> ', '<td colspan=1000>a',
] // prettier-ignore
/** The same of plain text. */
export const text = ['- a\n', 'a\n', 'A\n\n', '1. a\n', ' ', '. ', 'a, ', '(a) ']

/** A page of one fragment, so many times. */
export function pageOf(fragment: string, times: number): string {
  return `Before.\n\n${fragment.repeat(times)} x`
}
