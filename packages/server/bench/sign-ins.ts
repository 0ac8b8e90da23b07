/** Signs in again and again, so many times a second: a process of its own beside the one that is measured. */
import { setTimeout as sleep } from 'node:timers/promises'

const [address = '', email = '', password = '', rate = '10', seconds = '10'] = process.argv.slice(2)
const body = JSON.stringify({ email, password })

/** Each from an address of its own, as people come by a proxy: one address may ask only so often. */
async function signIn(count: number): Promise<boolean> {
  const from = `198.18.${Math.floor(count / 250) % 250}.${1 + (count % 250)}`
  const headers = {
    'content-type': 'application/json',
    'x-forwarded-for': from,
    'sec-fetch-site': 'same-origin',
  }
  const response = await fetch(`${address}/api/sign-in`, { method: 'POST', headers, body })
  await response.arrayBuffer()
  return response.ok
}

const begun = performance.now()
const asked: Promise<boolean>[] = []
const most = Number(rate) * Number(seconds)
while (asked.length < most) {
  asked.push(signIn(asked.length))
  const due = begun + (asked.length * 1000) / Number(rate)
  await sleep(Math.max(0, due - performance.now()))
}
const done = (await Promise.all(asked)).filter(Boolean).length
console.log(JSON.stringify({ signIns: done, seconds: (performance.now() - begun) / 1000 }))
