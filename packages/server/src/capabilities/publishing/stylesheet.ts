/**
 * The one stylesheet of every document. System fonts, one measure of prose, a margin for the proof;
 * a verdict has a word and a shape before it has a colour.
 */
export const stylesheet = `
:root {
  color-scheme: light dark;
  --paper: #fdfcf9; --ink: #1c1b19; --soft: #65625c; --line: #dfdbd2;
  --kept: #1f6f4a; --due: #855d00; --attested: #3c5a99; --missed: #9a4b00; --stale: #6f4a8e;
  --open: #65625c; --broken: #b3261e; --withheld: #1c1b19;
  --serif: ui-serif, Charter, "Bitstream Charter", "Sitka Text", Cambria, "Liberation Serif", Georgia, serif;
  --sans: ui-sans-serif, system-ui, "Segoe UI", "Helvetica Neue", "Liberation Sans", Arial, sans-serif;
  --mono: ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace;
  --margin: clamp(15rem, 32vw, 23rem); --gap: clamp(2rem, 4vw, 3.25rem);
}
@media (prefers-color-scheme: dark) {
  :root { --paper: #151513; --ink: #e9e6df; --soft: #a4a097; --line: #363430;
    --kept: #74c79d; --due: #dfb350; --attested: #a0baf0; --missed: #f0a762; --stale: #c8a5e6;
    --open: #a4a097; --broken: #ff8d83; --withheld: #e9e6df; }
}
* { box-sizing: border-box }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding-top: 1.5rem }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.0625rem/1.6 var(--serif);
  overflow-wrap: anywhere; font-kerning: normal; hanging-punctuation: first last }
header, main, footer { max-width: 66rem; margin-inline: auto; padding-inline: 1.5rem }
header { padding-top: 4.25rem }
a { color: inherit; text-decoration-thickness: 1px; text-underline-offset: .18em }
:focus-visible { outline: 2px solid var(--c, var(--attested)); outline-offset: 3px; border-radius: 2px }
h1, h2, h3, h4, h5, h6 { font-weight: 600; line-height: 1.25; text-wrap: balance; letter-spacing: -.006em }
h1 { font-size: 2.375rem; line-height: 1.14; letter-spacing: -.016em; margin: 0 0 1.5rem }
main h1 { margin-top: 3.5rem }
h2 { font-size: 1.3125rem; margin: 3.25rem 0 .6rem }
h3 { font-size: 1.0625rem; margin: 2.25rem 0 .4rem }
h4, h5, h6 { font-size: 1rem; font-style: italic; margin: 1.75rem 0 .35rem }
p { margin: .6rem 0; text-wrap: pretty }
ul, ol { margin: .6rem 0; padding-inline-start: 1.35rem }
li { margin: .45rem 0 } li::marker { color: var(--soft) }
.tight > li { margin: .15rem 0 } .tight > li > p, .tight > li > .row > p { margin: .1rem 0 }
.task { list-style: none; position: relative } .task::before { content: '\\2610'; position: absolute; inset-inline-start: -1.35rem } .task.done::before { content: '\\2611' }
blockquote { margin: 1rem 0; padding-inline-start: 1.35rem; border-inline-start: 2px solid var(--line); color: var(--soft) }
code, pre, .mono { font-family: var(--mono); font-size: .84em }
pre { padding: .1rem 0 .1rem 1.35rem; border-inline-start: 2px solid var(--line); white-space: pre-wrap; line-height: 1.5 }
hr { border: 0; border-top: 1px solid var(--line); margin: 3rem 0 }
table { border-collapse: collapse; font: .875rem/1.45 var(--sans); overflow-wrap: break-word }
th, td { text-align: start; vertical-align: top; padding: .45rem 1.25rem .45rem 0; border-bottom: 1px solid var(--line) }
th { font-weight: 600; color: var(--soft) } td:last-child, th:last-child { padding-inline-end: 0 }
.center { text-align: center } .end { text-align: end }
.scroll { overflow-x: auto; margin: .8rem 0 }
.sans, .tally, .legend, .note, .crumbs, .facts, .fine, footer, form, .verify, .entries { font-family: var(--sans) }
.fine, .legend, .facts, .note, .tally, table, .entries, time { font-variant-numeric: tabular-nums }
.fine { font-size: .875rem; line-height: 1.5; color: var(--soft) }
.crumbs { font-size: .875rem; color: var(--soft); margin: 0 0 1.1rem } .crumbs a { color: inherit }

.row { display: grid; grid-template-columns: minmax(0, 1fr) var(--margin); column-gap: var(--gap); align-items: start }
.row > :first-child { margin-inline-end: 0 }
.text { margin-inline-end: calc(var(--margin) + var(--gap)) }
li .text, blockquote .text { margin-inline-end: calc(var(--margin) + var(--gap)) }
.kept { --c: var(--kept) } .due { --c: var(--due) } .attested { --c: var(--attested) } .missed { --c: var(--missed) }
.stale { --c: var(--stale) } .unproven, .unprovable, .unbacked { --c: var(--open) } .broken { --c: var(--broken) }
.withheld { --c: var(--withheld) }

.claim { color: inherit; text-decoration: underline solid var(--c) 1.5px; text-underline-offset: .22em; text-decoration-skip-ink: none }
.claim:hover, .claim:target { text-decoration-thickness: 3px }
.claim.due { text-decoration-style: dashed } .claim.attested { text-decoration-style: double }
.claim.stale, .claim.unproven { text-decoration-style: dotted; text-decoration-thickness: 2px }
.claim.broken { text-decoration-style: wavy }
.claim.withheld { text-decoration-thickness: 4px }
.open { text-decoration: underline dotted var(--soft) 1.5px; text-underline-offset: .22em }
.mark { font: .75rem/1 var(--sans); color: var(--soft); white-space: nowrap; margin-inline-start: .3em }
sup { font: 600 .625em/0 var(--sans); color: var(--soft); margin-inline-start: .12em; font-variant-numeric: tabular-nums }

.sprite { position: absolute }
.shape { width: .82em; height: .82em; vertical-align: -.06em; margin-inline-end: .36em; overflow: visible; stroke: currentColor; stroke-width: 1.9;
  fill: none; stroke-linecap: round; stroke-linejoin: round }
.shape, symbol { overflow: visible } .full { fill: currentColor; stroke: none }
.v { color: var(--c); font-family: var(--sans); font-weight: 600; white-space: nowrap } .ask .v, .acts .v { font-size: .92em }
.notes { padding-top: .78rem }
h1 + .notes, h2 + .notes, h3 + .notes { padding-top: 3.6rem }
.note { position: relative; font-size: .8125rem; line-height: 1.42; color: var(--soft); margin: 0 0 .8rem }
.note p { margin: 0 } .note .said { color: var(--ink) } .note > sup { position: absolute; inset-inline-end: calc(100% + .45rem); top: .62em }
.term { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: center; gap: .15rem 1rem }
.tight .notes { padding-top: .3rem }
.strip { display: block; flex: none; width: 8rem; height: 11px }
.strip path { stroke: var(--c); stroke-width: 1.5px; fill: none; vector-effect: non-scaling-stroke }
.strip .broken { stroke-width: 2px } .strip .withheld { fill: var(--c); stroke: none } .strip .attested { stroke-width: 1px }
.strip.large { width: 100%; height: 3.25rem; margin: .5rem 0 0 } .strip.large path { stroke-width: 2px }
.strip.large .broken { stroke-width: 3px } .strip.large .attested { stroke-width: 1.5px }
.axis { display: flex; justify-content: space-between; margin: .35rem 0 0 }

.tally { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; align-items: baseline; font-size: .875rem; padding: .8rem 0; margin: 0; border-block: 1px solid var(--line); list-style: none }
.tally li { margin: 0 } .tally .v b { font-weight: 600 } .tally .word { color: var(--ink); font-weight: 400 }
.tally .when { margin-inline-start: auto; font-size: .8125rem; color: var(--soft) }
.legend { font-size: .8125rem; line-height: 1.5; color: var(--soft); margin: .7rem 0 2.5rem; max-width: 46rem }
.sentence { font-size: 1.75rem; line-height: 1.34; max-width: 44rem; font-weight: 400; letter-spacing: -.008em; margin: 0 0 1.1rem }
.ruling { font-size: 1.0625rem; font-family: var(--sans); margin: 0 0 .35rem } .ruling + p { max-width: 44rem; margin-top: 0 }
.measure { max-width: 42rem }
.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .3rem 1.5rem; font-size: .875rem; line-height: 1.5; margin: .8rem 0 }
.facts dt { color: var(--soft) } .facts dd { margin: 0 } .facts .mono { font-size: .93em }
.note time { white-space: nowrap }
.wide { width: 100% }
details { margin: 1rem 0; font: .875rem/1.5 var(--sans) } summary { color: var(--soft); cursor: pointer }
.entries { list-style: none; padding: 0; font-size: .9375rem; line-height: 1.5 }
.entries > li { display: grid; grid-template-columns: 8.5rem minmax(0, 1fr); column-gap: 1.5rem; margin: 0; padding: .7rem 0; border-bottom: 1px solid var(--line) }
.entries p { margin: 0 } .entries .fine { margin-top: .1rem }
.entries .ask { font-family: var(--serif); font-size: 1rem }
.entries.promises > li { grid-template-columns: 3rem minmax(0, 1fr) 9rem }
.acts { list-style: none; padding: 0; counter-reset: act }
.acts > li { display: grid; grid-template-columns: 2.4rem minmax(0, 1fr) auto; column-gap: 1.25rem; align-items: start; padding: 1.5rem 0; margin: 0; border-top: 1px solid var(--line); counter-increment: act }
.acts > li::before { content: counter(act); font: 400 1.75rem/1.15 var(--serif); color: var(--soft); font-variant-numeric: lining-nums }
.acts h3 { margin: 0 0 .2rem } .acts p { margin: .25rem 0; max-width: 38rem }
form { font-size: .9375rem } label { display: block; margin: .9rem 0 .3rem }
button, input { font: inherit; color: inherit; background: transparent; border-radius: 3px; padding: .5rem .9rem }
button { border: 1px solid currentColor; cursor: pointer; min-height: 2.5rem } button:hover { background: var(--ink); color: var(--paper); border-color: var(--ink) }
button[disabled] { cursor: default; color: var(--soft); background: transparent; border-color: var(--line) }
input[type=email] { border: 1px solid var(--soft); width: 100%; max-width: 22rem; display: block; margin-bottom: .9rem }
.error { color: var(--broken) }
output { display: block; margin-top: .6rem; font-size: .9375rem; white-space: pre-line }
footer { margin-top: 5rem; padding-bottom: 4rem; font-size: .8125rem; line-height: 1.6; color: var(--soft) }
footer p { margin: .5rem 0 } footer p:first-child { border-top: 1px solid var(--line); padding-top: 1.15rem }
footer .mono { font-size: .75rem }
.skip { position: absolute; inset-inline-start: -999rem } .skip:focus { inset-inline-start: 1rem; top: 1rem; background: var(--paper); padding: .5rem; z-index: 1 }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }

@media screen and (max-width: 56rem) {
  header { padding-top: 2.25rem } header, main, footer { padding-inline: 1.15rem }
  h1 { font-size: 1.85rem } h2 { margin-top: 2.5rem } .sentence { font-size: 1.4rem }
  .row { display: block } .row > .scroll, .text, li .text, blockquote .text { margin-inline-end: 0 }
  .notes, h1 + .notes, h2 + .notes, h3 + .notes, .tight .notes { padding: .1rem 0 .35rem }
  .note { margin: 0 0 .85rem; padding-inline-start: .85rem; border-inline-start: 2px solid var(--c) }
  .note > sup { position: static; float: inline-start; margin-inline-end: .35rem; line-height: 1.2 } .note .strip { width: 5rem } .term { column-gap: .6rem }
  .tally { gap: .2rem 1.1rem } .tally .when { margin-inline-start: 0; flex-basis: 100% }
  .entries > li, .entries.promises > li { grid-template-columns: minmax(0, 1fr); row-gap: .1rem }
  .acts > li { grid-template-columns: 2rem minmax(0, 1fr) } .acts > li > form { grid-column: 2; margin-top: .5rem }
  .facts { grid-template-columns: minmax(0, 1fr); gap: 0 } .facts dd { margin-bottom: .5rem }
  .stack, .stack tbody, .stack tr, .stack td { display: block } .stack thead { display: block; position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden }
  .stack tr { border-bottom: 1px solid var(--line); padding: .6rem 0 } .stack td { border: 0; padding: .06rem 0 }
  .stack td[data-label]:not(:empty)::before { content: attr(data-label) " "; color: var(--soft) }
}
@media print {
  :root { color-scheme: light; --paper: #fff; --ink: #000; --soft: #444; --line: #bbb; --margin: 18rem; --gap: 1.75rem;
    --kept: #145536; --due: #6b4b00; --attested: #2c4577; --missed: #7a3b00; --stale: #563a70; --open: #444; --broken: #8f1d17; --withheld: #000 }
  @page { margin: 18mm 16mm }
  html { font-size: 9pt } header { padding-top: 0 } header, main, footer { max-width: none; padding-inline: 0 }
  .note .strip { width: 5rem }
  .row, .note, .acts > li, .entries > li, tr { break-inside: avoid } h2, h3 { break-after: avoid }
  .skip, form, button, .screen { display: none }
}
`.trim()
