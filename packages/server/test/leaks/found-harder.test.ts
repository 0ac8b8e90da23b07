import { findsEachOf } from './finding.ts'
import { leaks } from './leaks.ts'

findsEachOf(leaks.slice(10))
