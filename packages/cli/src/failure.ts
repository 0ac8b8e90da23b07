/** Why a command cannot do its work: where, why, and what to do about it. Ends with exit code 2. */
export class Failure extends Error {
  readonly place: string
  readonly fix: string

  constructor(place: string, reason: string, fix: string) {
    super(reason)
    this.name = 'Failure'
    this.place = place
    this.fix = fix
  }
}
