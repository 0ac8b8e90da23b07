import type { Dated } from './model.ts'
import { paths } from './paths.ts'
import { contactUrl } from './shell.ts'
import { toIso } from './time.ts'

/** RFC 9116 asks for less than a year; a document that is served always says half of one. */
const lasts = 180 * 86_400_000

/** `/.well-known/security.txt`, RFC 9116; null without a contact, which it must have. */
export function toSecurityTxt({ site: { contact, origin }, at }: Dated): string | null {
  if (contact === null) return null
  const lines = [
    `Contact: ${encodeURI(contactUrl(contact)).replaceAll('%25', '%')}`,
    `Expires: ${toIso(at + lasts)}`,
    'Preferred-Languages: en',
    `Canonical: ${origin}${paths.securityTxt}`,
    `Policy: ${origin}${paths.page}`,
  ]
  return `${lines.join('\n')}\n`
}
