import type { Rule } from './rule.ts'

export const vaultRules: readonly Rule[] = [
  {
    proof: 'encryption.at-rest',
    words: 'encrypt at_rest',
    not: '"backups are" "backups shall" "backups must" "all backups" "backup files" ~laptop password only_apps',
    take: { of: 'storage-kind', with: 'rest-cipher' },
  },
  {
    proof: 'encryption.at-rest',
    words: 'encrypt storage',
    not: '"=Backups"|"=backups" ~laptop password only_apps in_transit tls "connection" "links" "between" own_key',
    take: { of: 'storage-kind', with: 'rest-cipher' },
    near: 14,
  },
  {
    proof: 'encryption.at-rest',
    words: 'encrypt ~at_rest',
    not: 'backup ~laptop password only_apps in_transit tls "connection" "links" own_key key',
    take: { of: 'storage-kind', with: 'rest-cipher' },
    need: 'with',
  },
  {
    proof: 'encryption.app-only',
    words: 'only_apps ^encrypt|"decrypt"|key|"go through your data"|"use"',
    denial: 'allowed',
  },
  {
    proof: 'encryption.app-only',
    words:
      '"decrypt"|"use your data" "our applications"|"application services"|"our application" "only"|"alone"',
    denial: 'allowed',
  },
  { proof: 'encryption.app-only', words: 'nobody key "obtain"|access|"hold"', denial: 'needed' },
  {
    proof: 'encryption.tenant-key',
    words: 'own_key customer|offer|"enterprise"',
    give: { own: 'yes' },
    modal: true,
    over: 'encryption.at-rest keys.rotated',
  },
  {
    proof: 'encryption.tenant-key',
    words:
      '"own key"|"own keys"|"own encryption key"|"own encryption keys"|"own master key"|"key of your own"|"keys of your own"|"own kms" "bring"|"supply"|"provide"|"manage"|"use"|"hold"|"control"|"upload"|"furnish"|"revoke"|"withdraw"|"administer"|"import" ^customer',
    give: { own: 'yes' },
    modal: true,
    over: 'encryption.at-rest keys.rotated',
  },
  {
    proof: 'encryption.tenant-key',
    words: 'distinct key customer|"each"|"every"',
    not: 'own_key "bring" "manage" two_factor "api key" "ssh" "security key" @customerKeys @ownKey "shard key" "partition key" "primary key"',
    over: 'encryption.at-rest tenancy.segregated',
    near: 16,
  },
  {
    proof: 'keys.rotated',
    words: 'rotate ^key',
    not: '"your key" "api key" two_factor own_key "security key" "key exchange" "key exchanges" "exchange keys" @cipher "ssh"',
    take: { every: 'frequency' },
  },
  {
    proof: 'keys.rotated',
    words:
      '"keys are changed"|"key is changed"|"keys get changed"|"change our keys"|"change all keys"|"change every key"|"change the keys"|"changes its keys"|"new keys are generated" @frequency',
    not: '"your key" "api key" two_factor own_key "security key" "ssh" "office" "building" "door"|"doors" "car"',
    take: { every: 'frequency' },
    need: 'every',
    near: 14,
  },
]
