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
  /** Where none are offered, only lists of everybody are refused. */
  refusesEverybodyOnly: boolean
  /** Whoever has no authenticator app is asked for no code. */
  asksOnlyWhoEnrolled: boolean
  /** Intervals for which a code is good after its own. */
  codesLive: number
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
  refusesEverybodyOnly: false,
  asksOnlyWhoEnrolled: false,
  codesLive: 1,
}
