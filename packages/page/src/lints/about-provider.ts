import type { Reading, Said } from './reading.ts'

const providers =
  /^(?:the )?(?:heroku|aws|amazon|google|gcp|azure|microsoft|salesforce|cloudflare|stripe|digitalocean|our (?:hosting |cloud |data cent\w+ )?(?:providers?|hosts?))\b/
const ourselves = /^(?:we|our|all|every|each|customers?)\b/
const goesOn = /^(?:it|they|its|their|both|these|this|that)\b/

/** Whether a sentence tells what a provider does: by its first words, or by going on about one. */
export function isAboutProvider(page: Reading, said: Said): boolean {
  if (providers.test(said.text)) return true
  if (!goesOn.test(said.text)) return false
  for (let order = said.order - 1; order >= said.order - 6; order--) {
    const before = page.said[order]
    if (before?.block !== said.block || ourselves.test(before.text)) return false
    if (providers.test(before.text)) return true
  }
  return false
}
