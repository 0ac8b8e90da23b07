export { startKept, migrateDatabase, type Kept, type KeptSettings } from './server.ts'
export { prepareDatabase, type Databases } from './database.ts'
export { up, type Up, type UpSettings } from './up.ts'
export { prepare, runProcess } from './process.ts'
export { applyChanged, askAsOperator, type Applied } from './operator.ts'
export { openLog, type Log } from './log.ts'
export { keepKey } from './keys.ts'
export { movableTime, systemTime, type MovableTime, type Time } from './foundation/time.ts'
export { Failure } from './foundation/failure.ts'
export {
  documentHeaders,
  renderProblem,
  renderPromises,
  renderTour,
  scriptHeaders,
  type Tally,
} from './capabilities/publishing/documents.ts'
