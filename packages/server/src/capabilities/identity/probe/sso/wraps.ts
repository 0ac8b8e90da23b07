import type { Wrap } from './saml.ts'

/**
 * Signature wrapping (Somorovsky and others, "On Breaking SAML", 2012): where a signed assertion of a provider
 * is put so that its signature holds, while another is read.
 */
export const wraps: Readonly<Record<string, Wrap>> = {
  'before a signed one': ({ genuine, forged, respond }) => respond(forged + genuine),
  'after a signed one': ({ genuine, forged, respond }) => respond(genuine + forged),
  'around a signed one': ({ genuine, forged, respond }) =>
    respond(forged.replace('</saml:Assertion>', `${genuine}</saml:Assertion>`)),
  'beside extensions that hold a signed one': ({ genuine, forged, respond }) =>
    respond(`<samlp:Extensions>${genuine}</samlp:Extensions>${forged}`),
  'by a signature that holds a signed one': ({ genuine, forged, respond }) => {
    const { signature, rest } = takeOut(genuine)
    return respond(forged.replace('<saml:Subject>', `${holding(signature, rest)}<saml:Subject>`))
  },
  'in a response whose signature holds a signed one': ({
    genuine,
    forged,
    respond,
    sign,
    responseId,
  }) => {
    const { signature, rest } = takeOut(sign(respond(takeOut(genuine).rest), responseId))
    const outer = respond(forged).replace(`ID="${responseId}"`, `ID="${responseId}f"`)
    return outer.replace('<samlp:Status>', `${holding(signature, rest)}<samlp:Status>`)
  },
}

const signed = /<(\w+:)?Signature[ >].*<\/\1?Signature>/s

function takeOut(xml: string): { signature: string; rest: string } {
  const signature = signed.exec(xml)?.[0] ?? ''
  return { signature, rest: xml.replace(signature, '') }
}

/** A signature with what it is over inside itself. */
function holding(signature: string, inner: string): string {
  return signature.replace(
    /<\/(\w+:)?Signature>$/,
    (end, prefix: string = '') => `<${prefix}Object>${inner}</${prefix}Object>${end}`,
  )
}
