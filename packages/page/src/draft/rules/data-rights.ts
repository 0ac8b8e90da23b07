import type { Rule } from './rule.ts'

export const dataRightsRules: readonly Rule[] = [
  {
    proof: 'export',
    words: 'export data|customer_data|"full"|"complete"|customer',
    not: 'logs "report"',
    take: { within: 'within' },
    modal: true,
  },
  {
    proof: 'export',
    words: '~export "you will have it"|"have it"|"receive it"|"get it" @within',
    take: { within: 'within' },
    need: 'within',
    modal: true,
  },
  {
    proof: 'erase',
    words:
      'delete data|customer_data|"everything"|"deletion requests" ending|"request"|"account" @within',
    not: 'logs "leaver"|"departing"',
    take: { within: 'within', after: 'erase-after' },
    need: 'within',
    over: 'retention backup export',
    modal: true,
    near: 36,
  },
  {
    proof: 'erase',
    words: 'delete ~data|customer_data|"everything" ~ending|"request" @within',
    not: 'logs backup staff',
    take: { within: 'within', after: 'erase-after' },
    need: 'within',
    over: 'retention backup export',
    modal: true,
  },
  {
    proof: 'retention',
    words: '^backup retain|delete|"expire"|"overwritten"|"gone" @length',
    not: 'ending "request"',
    take: { max: 'most' },
    need: 'max',
    over: 'erase',
  },
  {
    proof: 'cards.absent',
    words: '^card retain|"touch"|"process"|access',
    not: '"last four"',
    denial: 'needed',
    over: 'encryption.at-rest',
  },
  {
    proof: 'third-parties',
    words: 'share data|customer_data|"it" third_party|"anyone"|"advertiser"|"third parties"',
    not: '"password" consent',
    denial: 'needed',
  },
  {
    proof: 'third-parties',
    words: '"sell"|"sold"|"rent" data|customer_data|"it"',
    denial: 'needed',
  },
  {
    proof: 'third-parties',
    words:
      'share data|customer_data subprocessor|"public list"|"third parties listed" "only"|"no person other"|"no one but"',
    denial: 'allowed',
  },
  {
    proof: 'third-parties.reviewed',
    words: 'vendor assess @frequency|"regularly"|"periodically"',
    not: '"report" pentest code access "vendor retests"',
    take: { every: 'frequency' },
  },
  {
    proof: 'subprocessors.announced',
    words: '~subprocessor notify|advance new_one|"advance"|"before" @length',
    not: '"object" assess',
    take: { before: 'length' },
    need: 'before',
    near: 36,
  },
]
