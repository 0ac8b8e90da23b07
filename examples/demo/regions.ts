import type { Letter } from '../promises.ts'

/** Where each company would run its servers, as it would say in their configuration file. */
export const regions: Record<Letter, { provider: string; region: string }> = {
  A: { provider: 'heroku', region: 'us-east-1' },
  B: { provider: 'aws', region: 'ap-south-1' },
  C: { provider: 'heroku', region: 'eu-west-1' },
}
