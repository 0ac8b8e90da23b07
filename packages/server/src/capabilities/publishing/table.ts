import { markup, type Markup, type Part } from './markup.ts'

export interface Column<T> {
  title: string
  write: (row: T) => Part
}

/**
 * A table that becomes a stack of labelled lines on a narrow screen. The roles keep it a table there
 * for those who do not see it.
 */
export function writeTable<T>(
  label: string,
  columns: readonly Column<T>[],
  rows: readonly T[],
): Markup {
  const head = columns.map(({ title }) => markup`<th role="columnheader" scope="col">${title}</th>`)
  const body = rows.map(
    (row) =>
      markup`<tr role="row">${columns.map(
        ({ title, write }) => markup`<td role="cell" data-label="${title}">${write(row)}</td>`,
      )}</tr>\n`,
  )
  return markup`<table class="stack wide" role="table" aria-label="${label}">
<thead role="rowgroup"><tr role="row">${head}</tr></thead>
<tbody role="rowgroup">
${body}</tbody></table>`
}
