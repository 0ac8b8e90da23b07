/** A segment of the address as it stands: what a router hands out has some of its signs decoded, and some not. */
export function segmentOf(index: number): string {
  return location.pathname.split('/')[index] ?? ''
}

export function nameAt(index: number): string {
  return decodeURIComponent(segmentOf(index))
}
