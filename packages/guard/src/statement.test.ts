import { expect, it } from 'vitest'
import { endsTransaction, runsCommands } from './statement.ts'

it.each([
  'commit',
  'COMMIT AND CHAIN',
  'end',
  'rollback work and chain',
  'abort;',
  "prepare transaction 'x'",
  '\n\t;; commit',
  '-- to here\ncommit',
  '-- to here\r commit',
  '/* a /* nested */ one */commit/**/and chain',
  'rollback /* to */ and chain',
  `rollback -- to\n`,
])('%j ends a transaction', (text) => {
  expect(endsTransaction(text)).toBe(true)
})

it.each([
  'rollback to savepoint x',
  ' ROLLBACK  TRANSACTION to x',
  'select 1 -- commit',
  '-- commit',
  '/* commit',
  '/* commit */ select 1',
  'commitment',
  'prepare x as select 1',
  'savepoint x',
  '',
])('%j ends none', (text) => {
  expect(endsTransaction(text)).toBe(false)
})

it.each([
  ['do $$ begin commit; end $$', true],
  [' /* x */ ;CALL p()', true],
  ['select 1', false],
  ['document', false],
  ['select $$ do $$', false],
])('%s runs commands: %s', (text, does) => {
  expect(runsCommands(text)).toBe(does)
})
