export * from './page.ts'
export * from './place.ts'
export * from './duration.ts'
export * from './params.ts'
export * from './finding.ts'
export * from './evidence.ts'
export * from './register.ts'
export * from './verdict.ts'
export * from './proof.ts'
export { proofs, findProof, kindsRead } from './proofs/index.ts'
export { inEnvironment } from './proofs/environments.ts'
export { areApart, isKnownRegion, liesIn, regionCodes } from './regions.ts'
export { readSystems } from './systems.ts'
export { bench, judge, selectSubjects, sayFreshness, type Bench } from './judge/judge.ts'
export { decides, missedFor } from './judge/series.ts'
export { parseAddress, formatAddress, isAddress } from './address.ts'
export { decodePage, formatOf } from './decode.ts'
export {
  readDocument,
  type Align,
  type DocumentBlock,
  type Inline,
  type ListItem,
  type Row,
} from './read/document.ts'
export { compile } from './compile.ts'
export { judgePage } from './judge/page.ts'
export { webLinks } from './links.ts'
export { draft } from './draft/draft.ts'
export { judgeVersion } from './judge/version.ts'
export {
  bundleFormat,
  readBundle,
  type Bundle,
  type BundledEntry,
  type BundledVerdict,
} from './bundle/bundle.ts'
export { rejudge, type Difference } from './bundle/rejudge.ts'
