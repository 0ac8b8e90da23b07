/**
 * Names the judges: two of the same version say the same of the same evidence. It is the version of
 * this package.
 */
export const judgeVersion = '0.7.0'
