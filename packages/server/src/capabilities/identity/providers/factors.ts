/**
 * What each method of RFC 8176 proves: what somebody knows, has, or is. One alone is one factor, a key that is
 * held by hardware too.
 */
const kindOf: Readonly<Record<string, 'knows' | 'has' | 'is'>> = {
  pwd: 'knows',
  pin: 'knows',
  kba: 'knows',
  hwk: 'has',
  swk: 'has',
  otp: 'has',
  sms: 'has',
  tel: 'has',
  sc: 'has',
  fpt: 'is',
  face: 'is',
  iris: 'is',
  vbm: 'is',
  retina: 'is',
}

/** What says of itself that more than one factor was proved (RFC 8176; OpenID EAP). */
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
const methods = new Set(['mfa', 'multipleauthn', ...classes])

/** Whether a provider says so, by `amr` or by a class of authentication. */
export function isMultiFactor(amr: readonly unknown[], acr: readonly unknown[]): boolean {
  const said = amr.filter((one) => typeof one === 'string')
  const kinds = said.flatMap((one) => (Object.hasOwn(kindOf, one) ? [kindOf[one]] : []))
  return (
    new Set(kinds).size > 1 ||
    said.some((one) => methods.has(one)) ||
    acr.some((one) => typeof one === 'string' && classes.has(one))
  )
}
