/** A standard, certificate or licence that a sentence names. */
export interface Named {
  from: number
  to: number
  /** As a parameter writes it: `iso-27001`, `soc-2-type-2`, `pci-dss-1`. */
  name: string
  edition: number | null
}

const isoPattern =
  /\bISO(?:\s*\/\s*IEC)?[\s-]*((?:\d{4,5}(?:-\d)?(?::\d{4}|\s20[0-2]\d\b)?)(?:\s*(?:,|and|&|\/|or)\s*(?:ISO(?:\/IEC)?[\s-]*)?\d{4,5}(?:-\d)?(?::\d{4})?(?![\w-]))*)/gi
const socPattern =
  /\bSOC[\s-]*((?:[123](?:\s*(?:,|and|&|\/)\s*(?:SOC[\s-]*)?[123](?!\d))*)?)(\s*\(?(?:Type|Typ)\s*(?:II|2|I|1)\b\)?)?/g
const plain: readonly (readonly [RegExp, string])[] = [
  [/\bPCI(?:[\s-]*DSS)?(?:\s*(?:Level|Service Provider Level)\s*1)\b/gi, 'pci-dss-1'],
  [/\bPCI(?:[\s-]*DSS)?(?!\s*(?:Level|Service)\s)(?=\b|-)/gi, 'pci-dss'],
  [/\bSAS[\s-]?70\b(?!\s+Type)/gi, 'sas-70'],
  [/\bSAS[\s-]?70\s+Type\s+(?:II|2)\b/gi, 'sas-70-type-2'],
  [/\bFISMA\s+Moderate\b/gi, 'fisma-moderate'],
  [/\bFISMA\b(?!\s+Moderate)/gi, 'fisma'],
  [/\bFedRAMP(?:\s+(?:Moderate|High|Low))?/gi, 'fedramp'],
  [/\bSarbanes[\s-]Oxley(?:\s*\(SOX\))?|\bSOX\b/gi, 'sox'],
  [/\bAICPA\b/g, 'aicpa'],
  [/\bHITRUST\b/gi, 'hitrust'],
  [/\bTISAX\b/gi, 'tisax'],
  [/\bCyber Essentials Plus\b/gi, 'cyber-essentials-plus'],
  [/\bCyber Essentials\b(?! Plus)/gi, 'cyber-essentials'],
  [/\bCSA[\s-]STAR\b/gi, 'csa-star'],
  [/\bBSI C5\b|\bC5 attestation\b/gi, 'c5'],
  [/\bHDS\b/g, 'hds'],
  [/\bIRAP\b/g, 'irap'],
  [/\bISMAP\b/g, 'ismap'],
  [/\bCMMC\b/g, 'cmmc'],
  [/\bStateRAMP\b/gi, 'stateramp'],
  [/\bNEN[\s-]?7510\b/gi, 'nen-7510'],
  [/\bGSP\b|\bGST Suvidha Provider\b/g, 'gsp'],
]

/** Most sentences name none, which one look tells. */
const perhaps =
  /ISO|SOC|PCI|SAS|FISMA|RAMP|Sarbanes|SOX|AICPA|HITRUST|TISAX|Cyber|CSA|C5|HDS|IRAP|ISMAP|CMMC|NEN|GS[PT]/i

/** Every standard a sentence names, with its edition where it gives one. */
export function certificatesIn(text: string): Named[] {
  const found: Named[] = []
  if (!perhaps.test(text)) return found
  for (const match of text.matchAll(isoPattern)) {
    for (const number of match[1]!.matchAll(/(\d{4,5})(?:-\d)?(?:[:\s](20[0-2]\d|\d{4}))?/g)) {
      const from =
        match.index +
        (found.some((one) => one.from === match.index) ? match[0].indexOf(number[0]) : 0)
      add(
        found,
        from,
        match.index + match[0].indexOf(number[0]) + number[0].length,
        `iso-${number[1]}`,
        number[2],
      )
    }
  }
  for (const match of text.matchAll(socPattern)) {
    const numbers = [...match[1]!.matchAll(/[123]/g)].map((one) => one[0])
    const type = match[2] ? `-type-${/II|2/.test(match[2]) ? 2 : 1}` : ''
    const end = match.index + match[0].length
    // A bare SOC may be an operations center: only what it hands out, or a list, makes it the report.
    if (
      numbers.length === 0 &&
      (/^\s*(?:report|attestation|certif|audit)/i.test(text.slice(end)) || text.length < 30)
    )
      add(found, match.index, end, 'soc')
    for (const number of numbers) add(found, match.index, end, `soc-${number}${type}`)
  }
  for (const [pattern, name] of plain) {
    for (const match of text.matchAll(pattern))
      add(found, match.index, match.index + match[0].length, name)
  }
  return found.sort((a, b) => a.from - b.from || a.to - b.to)
}

function add(found: Named[], from: number, to: number, name: string, edition?: string): void {
  if (!found.some((one) => one.name === name)) {
    found.push({ from, to, name, edition: edition === undefined ? null : Number(edition) })
  }
}
