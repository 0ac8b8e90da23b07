import type { Option } from './command.ts'

/** Which Kept is asked. */
export const serverOption: Option = {
  value: 'URL',
  says: 'the address of a running Kept',
  variable: 'KEPT_SERVER',
}

/** Who asks, for what is signed. */
export const signedOptions = {
  server: serverOption,
  key: {
    value: 'FILE',
    says: 'the private key that signs, as `kept keys new` makes it',
    variable: 'KEPT_KEY',
  },
  as: {
    value: 'ID',
    says: 'the runner of systems.yaml whose key it is',
    variable: 'KEPT_AS',
  },
} as const satisfies Record<string, Option>
