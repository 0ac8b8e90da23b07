/** Hands out ids that are unique on a page; a number keeps an id apart from its like. */
export class Ids<Owner> {
  private readonly owners = new Map<string, Owner>()
  /** The last number tried behind an id, so that many alike take linear time. */
  private readonly numbers = new Map<string, number>()

  ownerOf(id: string): Owner | undefined {
    return this.owners.get(id)
  }

  take(id: string, owner: Owner): void {
    this.owners.set(id, owner)
  }

  /** The id itself, or with the first number behind it that nobody has taken. */
  unique(wanted: string): string {
    if (!this.owners.has(wanted)) return wanted
    let number = (this.numbers.get(wanted) ?? 1) + 1
    while (this.owners.has(`${wanted}-${number}`)) number++
    this.numbers.set(wanted, number)
    return `${wanted}-${number}`
  }
}

/** The id a claim gets when the page gives it none: from its heading and its proof. */
export function idFor(heading: string, proof: string): string {
  const slug = heading
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '')
  return slug ? `${slug}-${proof}` : proof
}
