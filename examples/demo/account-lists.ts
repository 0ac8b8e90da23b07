import { join } from 'node:path'
import { run } from '../../packages/cli/src/run.ts'
import { openTerminal } from '../../packages/cli/src/terminal.ts'
import { companies, type Letter } from '../promises.ts'
import type { FirstDay } from './first-day.ts'
import { exporter, keyOf } from './people.ts'

/** What each service exports of its accounts, and where a service can say it of its passwords. */
const files: Record<Letter, readonly (readonly [system: string, file: string])[]> = {
  A: [
    ['staff-directory', 'staff.csv'],
    ['github-accounts', 'github.json'],
    ['heroku-accounts', 'heroku.json'],
    ['aws-accounts', 'aws.csv'],
  ],
  B: [],
  C: [
    ['slack-accounts', 'slack.csv'],
    ['intercom-accounts', 'intercom.csv'],
    ['aws-accounts', 'aws.csv'],
    ['aws-accounts', 'aws-policy.json'],
    ['heroku-accounts', 'heroku.json'],
    ['github-accounts', 'github.json'],
    ['google-accounts', 'google.csv'],
  ],
}

/** Pushes them with the command itself, as a cron job of the company would. */
export async function pushAccounts({ letter, directory, origin, time }: FirstDay): Promise<void> {
  const env = { KEPT_SERVER: origin, KEPT_KEY: keyOf(directory, exporter), KEPT_AS: exporter }
  const folder = join(import.meta.dirname, '..', companies[letter].folder, 'accounts')
  for (const [system, file] of files[letter]) {
    let said = ''
    const exported = ['--exported', new Date(time.now()).toISOString()]
    const words = ['accounts', 'push', system, join(folder, file), ...exported]
    const code = await run(words, {
      ...openTerminal(),
      env,
      print: () => Promise.resolve(),
      complain: (text) => void (said += text),
    })
    if (code === 2) throw new Error(said)
  }
}
