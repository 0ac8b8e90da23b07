/** A page of one promise, about the website. */
export const onePromise = `---
company: Example Inc
contact: security@example.com
---
# Security

[All connections use TLS 1.2 or newer](kept:encryption.in-transit?min=1.2#tls).
`

/** What a scan of the website measures while that promise holds. */
export const soundTls = {
  lowestAccepted: 1.2,
  validUntil: '2027-06-01T00:00:00Z',
  chainTrusted: true,
}
