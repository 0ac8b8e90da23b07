import { failures, type Failure } from '../../foundation/failure.ts'
import type { Document } from '../../foundation/operation.ts'
import { documentHeaders, renderProblem } from './documents.ts'

/** A failure for somebody who reads HTML. */
export function renderFailure(failure: Failure, request: string): Document {
  const { title, status } = failures[failure.code]
  const body = renderProblem({
    site: null,
    status,
    title,
    detail: failure.message,
    fix: failure.detail.fix ?? null,
    request,
  })
  return { type: 'text/html; charset=utf-8', body, status, headers: documentHeaders }
}
