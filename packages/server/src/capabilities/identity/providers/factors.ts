/** What says that more than one factor was proved, or one that takes device and person (RFC 8176; OpenID EAP). */
const methods = new Set([
  'mfa',
  'otp',
  'hwk',
  'swk',
  'sc',
  'fpt',
  'face',
  'iris',
  'retina',
  'vbm',
  'multipleauthn',
])

const classes = new Set([
  'phr',
  'phrh',
  'http://schemas.openid.net/pape/policies/2007/06/multi-factor',
  'https://refeds.org/profile/mfa',
  'http://schemas.microsoft.com/claims/multipleauthn',
  'urn:oasis:names:tc:SAML:2.0:ac:classes:MobileTwoFactorContract',
  'urn:oasis:names:tc:SAML:2.0:ac:classes:MobileTwoFactorUnregistered',
  'urn:oasis:names:tc:SAML:2.0:ac:classes:TimeSyncToken',
  'urn:oasis:names:tc:SAML:2.0:ac:classes:Smartcard',
  'urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI',
])

/** Whether a provider says so by `amr` or by a class of authentication. */
export function isMultiFactor(amr: readonly unknown[], acr: readonly unknown[]): boolean {
  return (
    amr.some((one) => typeof one === 'string' && (methods.has(one) || classes.has(one))) ||
    acr.some((one) => typeof one === 'string' && classes.has(one))
  )
}
