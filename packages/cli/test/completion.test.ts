import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runFake } from './fake-terminal.ts'

const isThere = (shell: string) => spawnSync(shell, ['--version']).status === 0

/** What bash offers for a line whose last word is being typed. */
async function offered(line: string): Promise<string[]> {
  const { out: script } = await runFake(['completion', 'bash'])
  const words = line.split(' ')
  const set = `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}`
  const ask = `${script}\n${set}; _kept; printf '%s\\n' "\${COMPREPLY[@]}"`
  const { stdout, stderr } = spawnSync('bash', ['-c', ask], { encoding: 'utf8' })
  expect(stderr).toBe('')
  return stdout.split('\n').filter(Boolean)
}

describe('bash', () => {
  test.each([
    ['kept ch', ['check']],
    ['kept --v', ['--version']],
    ['kept check --s', ['--systems', '--sarif', '--server']],
    ['kept check --systems sys', []],
    ['kept check --at ', []],
    ['kept draft -o ka', []],
    ['kept explain incident.', ['incident.notice', 'incident.team', 'incident.followup']],
    ['kept completion ', ['--help', 'bash', 'zsh', 'fish']],
    ['kept keys n', ['new']],
    ['kept policy ex', ['explain']],
    ['kept policy test --policies ', []],
    ['kept apply --ke', ['--key']],
    ['kept apply --key ', []],
  ])('offers for %j: %j', async (line, words) => {
    expect(await offered(line)).toEqual(words)
  })
})

describe.each(['zsh', 'fish'])('%s', (shell) => {
  test('reads its script without complaint', async ({ skip }) => {
    skip(!isThere(shell), `${shell} is not installed`)
    const { out } = await runFake(['completion', shell])
    // From a file, as a person loads it: fish reads no script from a socket.
    const folder = mkdtempSync(join(tmpdir(), 'kept-test-'))
    const script = join(folder, 'kept.completion')
    writeFileSync(script, out)
    const { status, stderr } = spawnSync(shell, ['-n', script], { encoding: 'utf8' })
    rmSync(folder, { recursive: true })
    expect([status, stderr]).toEqual([0, ''])
  })

  test('offers every command and option', async () => {
    const { out } = await runFake(['completion', shell])
    for (const word of ['check', 'explain', 'systems', 'evidence', 'incident.notice']) {
      expect(out).toContain(word)
    }
  })
})
