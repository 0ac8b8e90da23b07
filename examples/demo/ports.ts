import type { Letter } from '../promises.ts'

const usual = 4180
const tour = Number(process.env['KEPT_DEMO_PORT'] ?? usual)
if (!Number.isInteger(tour) || tour < 1024 || tour > 65_000) {
  throw new Error('KEPT_DEMO_PORT: give a port from 1024 to 65000')
}

/** Every port lies as far from its usual place as that of the tour, so that two tours can run. */
const moved = tour - usual

export const kepts: Record<Letter, number> = {
  A: 4181 + moved,
  B: 4182 + moved,
  C: 4183 + moved,
}

/** Of each company's app, encrypted, and the port that redirects to it. */
export const apps: Record<Letter, { secure: number; plain: number }> = {
  A: { secure: 4443 + moved, plain: 4480 + moved },
  B: { secure: 4444 + moved, plain: 4481 + moved },
  C: { secure: 4445 + moved, plain: 4482 + moved },
}

/** Of Perdoo's website, in the clear. */
export const website = 4483 + moved

export { tour }

/** The text of a systems.yaml, with the ports of this tour. */
export function atOurPorts(systems: string): string {
  return systems.replaceAll(
    /(localhost:|plain-port:)(\d+)/g,
    (_, before: string, port: string) => `${before}${Number(port) + moved}`,
  )
}
