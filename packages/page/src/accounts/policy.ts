import { isFields, pick } from './documents.ts'
import { ListError, type PasswordPolicy } from './list.ts'

/** Reads a policy of passwords that some service exports; null where a document is none. */
export function readPolicy(document: unknown): PasswordPolicy | null {
  return readAws(document) ?? readOkta(document) ?? readPlain(document)
}

/** AWS, `aws iam get-account-password-policy`. An account without one is answered with an error, not with this. */
function readAws(document: unknown): PasswordPolicy | null {
  const policy = pick(document, 'PasswordPolicy')
  if (!isFields(policy)) return null
  return enforcing('aws-password-policy', policy['MinimumPasswordLength'])
}

/**
 * Okta, `GET /api/v1/policies?type=PASSWORD`: of several that are active the weakest, since somebody may fall
 * under it.
 */
function readOkta(document: unknown): PasswordPolicy | null {
  if (!Array.isArray(document)) return null
  const policies = document as unknown[]
  if (policies.length === 0 || !policies.every((one) => pick(one, 'type') === 'PASSWORD'))
    return null
  const active = policies.filter((one) => pick(one, 'status') === 'ACTIVE')
  if (active.length === 0) throw new ListError('none of these policies is active')
  const all = active.map((one) => {
    const length = pick(one, 'settings', 'password', 'complexity', 'minLength')
    return enforcing('okta-password-policies', length)
  })
  return all.reduce((weakest, one) => (one.minimumLength < weakest.minimumLength ? one : weakest))
}

/** Our own plain form: `{"minimumLength": 14, "singleSignOnOnly": false}`. */
function readPlain(document: unknown): PasswordPolicy | null {
  if (!isFields(document)) return null
  const { minimumLength, singleSignOnOnly = false } = document
  if (minimumLength === undefined && document['singleSignOnOnly'] === undefined) return null
  if (typeof singleSignOnOnly !== 'boolean') {
    throw new ListError('"singleSignOnOnly" is neither true nor false')
  }
  if (singleSignOnOnly && minimumLength === undefined) {
    return { source: 'plain', minimumLength: 0, singleSignOnOnly }
  }
  return { ...enforcing('plain', minimumLength), singleSignOnOnly }
}

function enforcing(source: string, length: unknown): PasswordPolicy {
  const isLength = typeof length === 'number' && Number.isInteger(length) && length >= 0
  if (!isLength || length > 1024) {
    throw new ListError('it names no least length of a password from 0 to 1024')
  }
  return { source, minimumLength: length, singleSignOnOnly: false }
}
