import type { Rule } from './rule.ts'

export const dataRightsRules: readonly Rule[] = [
  {
    proof: 'export',
    words: 'export data|customer_data|"full"|"complete"|"whole"|customer',
    not: 'logs "report" "look it up" "filter" "anyone else" other_customer "refuse" staff "our sub" backup "trust center"|"trust centre"|"trust portal"',
    take: { within: 'export-within' },
    modal: true,
  },
  {
    proof: 'export',
    words:
      '"copy of your data"|"copy of its data"|"copy of their data"|"copy of all data"|"complete copy"|"full copy" "receive"|"request"|"get"|"provide"|"obtain"|"hand"',
    not: 'logs "report" backup',
    take: { within: 'within' },
    modal: true,
  },
  {
    proof: 'export',
    words:
      '"you can have"|"you get"|"you receive"|"you will get"|"gives you"|"we send you"|"we give you" "all of your data"|"all your data"|"your whole data"|"all of it" @within',
    not: 'delete backup logs',
    take: { within: 'within' },
    need: 'within',
    modal: true,
    near: 20,
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
    proof: 'erase',
    words:
      'delete ~ending|"request" @within "backups included"|"including backups"|"backups too"|"and backups"|"backup copies included"|"in backups"|"from backups"|"backups as well"',
    not: 'logs staff',
    take: { within: 'within', after: 'erase-after' },
    need: 'within',
    over: 'retention backup export',
    modal: true,
  },
  {
    proof: 'erase',
    words: '~delete ~data|customer_data|"account" "do so"|"do it"|"do this" @within',
    not: 'logs backup staff',
    take: { within: 'within', after: 'erase-after' },
    need: 'within',
    modal: true,
  },
  {
    proof: 'erase',
    words:
      '~delete ~data|customer_data|"account" ~"request" "complete"|"fulfill"|"fulfil"|"carry out"|"honor" @within',
    not: 'logs backup staff export',
    take: { within: 'within', after: 'erase-after' },
    need: 'within',
    modal: true,
    near: 12,
  },
  {
    proof: 'retention',
    words:
      '^backup|"old copies"|"these copies" retain|delete|"expire"|"overwritten"|"gone"|"last"|"rotate"|"live for"|"lives for"|"survive"|"stay for"|"stay around" @length',
    not: 'point_in_time "the last" ending "request" "backups included" "including backups" "backups too" "and backups" "backups as well"',
    take: { max: 'kept' },
    need: 'max|min',
    over: 'erase',
  },
  {
    proof: 'retention',
    words: '~backup @length "kept for"|"kept"|"retention"|"retained"|"backups for"|"snapshots for"',
    not: 'ending "request" logs',
    bare: true,
    take: { max: 'kept' },
    need: 'max|min',
    near: 6,
  },
  {
    proof: 'cards.absent',
    words:
      '^card retain|"touch"|"process"|access|"here"|"see"|"reach"|"our servers"|"our systems"|"with us"',
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
    words: '"sell"|"sold"|"rent" data|customer_data|"it" "share"|"disclose"|"pass on"',
    not: 'consent',
    denial: 'needed',
  },
  {
    proof: 'attested',
    words: '"sell"|"sold"|"rent" data|customer_data|"it"',
    not: '"share" "disclose"',
    denial: 'needed',
    give: { of: 'data-use' },
    over: 'third-parties',
  },
  {
    proof: 'third-parties',
    words:
      'share|access|"see"|"get"|"receive" ~data|customer_data subprocessor "only"|"no party"|"no one other"|"nobody other"|"nobody but"|"other than"|"except"|"exclusively"',
    not: '"notify" "advance" assess',
    denial: 'allowed',
    over: 'tenancy.isolated access.consent',
  },
  {
    proof: 'third-parties',
    words:
      'share data|customer_data subprocessor|"public list"|"third parties listed" "only"|"no person other"|"no one but"',
    denial: 'allowed',
  },
  {
    proof: 'third-parties',
    words:
      '"flow"|"flows"|"goes"|"pass"|"passes"|"handed"|"given"|"travels" "no third party"|"no third parties"|"nobody"|"no one"|"no other company"|"no one else" subprocessor "except"|"but"|"other than"|"save"',
    not: '"notify" "advance" assess staff',
    denial: 'allowed',
    near: 16,
  },
  {
    proof: 'third-parties',
    words:
      'share|"goes" data|customer_data "nobody else"|"no one else"|"nowhere else"|"no other company"|"no other party"',
    denial: 'allowed',
  },
  {
    proof: 'attested',
    words: '"sale" data|customer_data',
    denial: 'needed',
    give: { of: 'data-use' },
  },
  {
    proof: 'third-parties.reviewed',
    words: '~vendor assess @frequency|"regularly"|"periodically"',
    not: '"report" pentest code access "vendor retests"',
    take: { every: 'frequency' },
  },
  {
    proof: 'subprocessors.announced',
    words:
      'subprocessor "list"|"listed"|"register" "public"|"publish"|"published"|"in public"|"on our site"|"on our website"|"online"',
    not: '@length "only" "no party" share',
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
