/** What is wrong in the sign-in, for as long as somebody wants to see how that shows. */
export interface SignInFlaws {
  /** The least length by a change, another than by a link. */
  shortChange: number | null
  countsBytes: boolean
  takesCommon: boolean
  /** Only so many characters of a password count. */
  counts: number
  keysNeedNoFactor: boolean
  codesTwice: boolean
  anybodysCode: boolean
  /** A password alone changes the rules. */
  rulesWithoutFactor: boolean
  believesForwarded: boolean
  offersNetworks: boolean
}

export const noFlaws: SignInFlaws = {
  shortChange: null,
  countsBytes: false,
  takesCommon: false,
  counts: Infinity,
  keysNeedNoFactor: false,
  codesTwice: false,
  anybodysCode: false,
  rulesWithoutFactor: false,
  believesForwarded: false,
  offersNetworks: true,
}
