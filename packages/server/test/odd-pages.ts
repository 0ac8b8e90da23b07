/** Every form that Markdown has, with claims in lists, cells, quotes and headings. */
export const plainPage = `---
company: Example Inc
contact: security@example.com
timezone: Europe/Berlin
---
# Security at Example Inc

Our page has *every* form that **Markdown** has, \`code\` and ~~what is gone~~. We keep everything secure with industry-leading technology. All databases are backed up every 24 hours.

## [A heading can promise something](kept:sso?with=google#heading)

1. [First](kept:backup?every=24h#first), then [second](kept:failover?every=2mo#second)
2. [Third](kept:recovery?rto=4h#third)
   - deeper [fourth](kept:recovery?rpo=24h#fourth)

- [x] a task that is done
- [ ] one that is not

> A quote that says [something](kept:mfa.staff#quoted).

| Severity | Fixed within | Who |
|:--|--:|:-:|
| Critical | [4 hours](kept:findings.fixed?critical=4h#critical) | the team |
| High | [48 hours](kept:findings.fixed?high=48h#high) | [tested again by the vendor](kept:findings.retested?by=vendor#again) |

\`\`\`
const a = "a long line of code that does not fit upon any narrow screen whatever its width may be"
\`\`\`

***

See <https://example.com/security>, https://example.com/terms and security@example.com.

نحن نشفّر [جميع البيانات المخزّنة لدينا](kept:encryption.at-rest#arabic) في كل وقت.

Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft${'verylong'.repeat(30)}
`

/** What a page could try: scripts, addresses that run, letters that hide or turn the line. */
export const hostilePage = `# <script>document.title='owned'</script>

<script>document.title='owned'</script>

<img src=x onerror="document.title='owned'">

[click](javascript:document.title='owned') [data](data:text/html,<script>1</script>) [mail](mailto:a@b.example) [vb](vbscript:x)

![picture](https://elsewhere.example/pixel.png) ![x](javascript:alert(1))

[<b onmouseover="document.title='owned'">We encrypt \u202Eeverything\u202C</b>](kept:encryption.at-rest#a) " ' & \u0000 \u001b[31m

["onmouseover="alert(1)](kept:mfa.staff#b)

</main></body><style>*{display:none}</style>
`
