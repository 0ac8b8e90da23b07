export type { components, paths } from './api.ts'
export { openClient, type Answer, type Client, type ClientSettings, type Path } from './client.ts'
export { ClientFailure, type Problem } from './failure.ts'
export { signRequest, type Signer } from './sign.ts'
