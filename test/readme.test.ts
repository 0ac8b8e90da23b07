import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { proofs } from '@kept/page'
import { expect, it } from 'vitest'
import { kept } from '../packages/cli/test/spawn.ts'
import { root } from '../scripts/packages.ts'

it('shows what the command that it names prints', async () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  const [, command, shown] = /```\n\$ npx kept ((?:.*\\\n)*.*)\n([^]*?)\.\.\.\n```/.exec(readme)!
  const words = command!.split(/[\s\\]+/)
  expect(words).toContain('check')
  const { out } = await kept(words, { cwd: root })
  expect(out.slice(0, shown!.length)).toBe(shown)
})

it('counts the proofs as `kept proofs` lists them', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  expect(readme).toContain(`| proofs in the vocabulary | ${proofs.length} |`)
})
