import type { Capability } from '../../foundation/capability.ts'
import { collectors } from './collect.ts'
import { holdings } from './holdings.ts'

export const transport: Capability = { name: 'transport', collectors, holdings }
