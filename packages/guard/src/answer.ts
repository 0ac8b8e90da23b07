/** The body of an answer as text; null where it is larger than `most` bytes: who answers decides how much comes. */
export async function readText(response: Response, most: number): Promise<string | null> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of response.body ?? []) {
    size += part.length
    if (size > most) return null
    parts.push(part)
  }
  return Buffer.concat(parts).toString()
}
