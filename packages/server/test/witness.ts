import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import {
  cosigner,
  formatWitnessKey,
  openCheckpoint,
  parseNote,
  parseVerifierKey,
  signingKey,
  signNote,
  verifyConsistency,
  type Hash,
} from '@kept/ledger'

/** A witness as C2SP tlog-witness describes it, over HTTP on a loopback port, for one log. */
export interface TestWitness {
  url: string
  /** What its cosignatures are verified with. */
  key: string
  /** The size it cosigned last; a test may set it back or forward. */
  seen: { size: number; root: Hash | null }
  /** What it answered to each request. */
  answers: number[]
  stop(): Promise<void>
}

export async function startWitness(
  name: string,
  log: { origin: string; key: string },
  keySeed = 9,
): Promise<TestWitness> {
  const key = signingKey(new Uint8Array(32).fill(keySeed))
  const seen: TestWitness['seen'] = { size: 0, root: null }
  const answers: number[] = []
  const server = createServer((request, response) => void answer(request, response))

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, says } = await cosign(await text(request)).catch((error: Error) => ({
      status: 400,
      says: error.message,
    }))
    answers.push(status)
    const type = status === 409 ? 'text/x.tlog.size' : 'text/plain'
    response.writeHead(status, { 'content-type': type }).end(says)
  }

  /** The steps of tlog-witness, in its order. */
  async function cosign(body: string): Promise<{ status: number; says: string }> {
    const split = body.indexOf('\n\n')
    const [first = '', ...lines] = body.slice(0, split).split('\n')
    const note = body.slice(split + 2)
    const old = Number(/^old (\d+)$/.exec(first)?.[1])
    if (!Number.isSafeInteger(old)) return { status: 400, says: 'no old size' }
    const opened = openCheckpoint(note, { origin: log.origin, keys: [parseVerifierKey(log.key)] })
    const { size, root } = opened
    if (old > size) return { status: 400, says: 'the old size is larger' }
    if (old !== seen.size) return { status: 409, says: `${seen.size}\n` }
    const proof = lines.map((line) => Buffer.from(line, 'base64'))
    const isGrowth =
      old === 0
        ? proof.length === 0
        : verifyConsistency({
            first: old,
            second: size,
            firstRoot: seen.root!,
            secondRoot: root,
            proof,
          })
    if (!isGrowth) return { status: 422, says: 'another history' }
    Object.assign(seen, { size, root })
    const { text: signed } = parseNote(note)
    const cosigned = await signNote(signed, [cosigner(name, key, 1_795_000_000)])
    return { status: 200, says: cosigned.slice(signed.length + 1) }
  }

  const url = await listen(server)
  return {
    url,
    key: formatWitnessKey(name, key.publicKey),
    seen,
    answers,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`
}
