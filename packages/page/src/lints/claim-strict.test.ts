import { describe, expect, it } from 'vitest'
import { objections } from '../../test/objections.ts'

const found = (text: string, address: string) =>
  objections(`[${text}](kept:${address}#a).`)
    .filter(({ message }) => /address/.test(message))
    .map(({ level }) => level)

describe('words that say more than their address', () => {
  it.each([
    ['Backups are taken twice daily', 'backup?every=24h'],
    ['Backups are taken continuously', 'backup?every=24h'],
    ['We fail over every month', 'failover?every=2mo'],
    ['We lose no data at all in a disaster and are back in 4 hours', 'recovery?rto=4h&rpo=1h'],
    ['We recover within 4 hours with zero data loss', 'recovery?rto=4h&rpo=24h'],
    ['Nobody has access to production', 'access.limit?max=5&in=production'],
    ['All employees use 2FA on all systems', 'mfa.accounts?for=github'],
    ['Our SOC 2 covers all five criteria', 'certificate?standard=soc-2-type-2&scope=security'],
    ['We delete data at once', 'erase?within=30d'],
    ['A leaver loses access immediately', 'access.revoked?within=24h'],
    ['Access is revoked within the hour', 'access.revoked?within=24h'],
    ['Pages are acknowledged in under a minute', 'paging'],
    ['We answer researchers within one business day', 'disclosure.answered?within=5d'],
    ['We use AES-256-GCM', 'tls.suites?cipher=aes-128-gcm'],
    ['Connections are encrypted with 256 bits', 'tls.suites?bits=128'],
    ['Critical 4 hours, high 24 hours', 'findings.fixed?critical=24h&high=4h'],
    ['Critical: 24h, High: 48h', 'findings.fixed?critical=24h&high=7d'],
    ['Within 4 hours for critical and a week for high ones', 'findings.fixed?critical=24h&high=7d'],
    ['Tested to 50,000 requests per second', 'load.tested?rate=1000'],
    ['We are tested with 5k rps', 'load.tested?rate=1000'],
    ['The certificate is valid until 2029', 'certificate?standard=iso-27001&until=2028-03-14'],
    ['We notify you by phone within 72 hours', 'incident.notice?within=72h&via=email'],
    ['We tell you by phone and email', 'incident.notice?within=72h&via=email'],
    ['Four nines of uptime', 'uptime?min=99.9'],
    ['Ninety-nine point nine nine percent uptime', 'uptime?min=99.9'],
    ['Data deleted within 30 days, backups included', 'erase?within=90d'],
    ['A breach is on your desk inside of a day', 'incident.notice?within=72h'],
    ['Half a day, and you know', 'incident.notice?within=48h'],
    ['Your data disappears the very same day', 'erase?within=30d'],
    ['Back in two hours, five minutes lost', 'recovery?rto=8h&rpo=5m'],
    ['RPO: 0', 'recovery?rto=4h&rpo=1h'],
    ['Three dumps a day', 'backup?every=24h'],
    ['We dump the database every other day', 'backup?every=1w'],
    ['A restore is rehearsed six times per year', 'restore.point-in-time?every=6mo'],
    ['Hackers we pay try to break in twice yearly', 'pentest?every=1y'],
    ['Vendors are looked at every half year', 'third-parties.reviewed?every=2y'],
    ['Three and a half nines', 'uptime?min=99.9'],
    ['Downtime stays below 0.05 %', 'uptime?min=99'],
    ['Down for no more than 5 minutes a month', 'uptime?min=99.9'],
    ['Minimum password length: 14', 'password.minimum?length=8'],
    ['14+ characters', 'password.minimum?length=8'],
    ["You get 60 days' notice of any new processor", 'subprocessors.announced?before=14d'],
    ['P1 4h, P2 24h', 'findings.fixed?critical=48h&high=24h'],
    ['5,000 req/s have been tried', 'load.tested?rate=500'],
    ['Sessions end after 15 minutes', 'session.timeout?within=8h'],
    ['Access is granted for 1 hour at most', 'access.timeboxed?max=8h'],
  ])('are an error: %s: %s', (text, address) => {
    expect(found(text, address)).toEqual(['error'])
  }) // prettier-ignore
})

it('warns of a time after which something else begins', () => {
  expect(found('After 2 minutes of silence an engineer is rung', 'paging?within=15m')).toEqual(['warning']) // prettier-ignore
  expect(found('Sessions end after 15 minutes of inactivity', 'session.timeout?within=8h')).toEqual(['error']) // prettier-ignore
})

describe('words that say no more than their address', () => {
  it.each([
    ['Backups are taken twice daily', 'backup?every=12h'],
    ['Backups are taken once a day', 'backup?every=24h'],
    ['The daily stand-up looks at open accounts every quarter', 'access.review?every=3mo'],
    ['We recover within 4 hours with no data loss of more than an hour', 'recovery?rto=4h&rpo=1h'],
    ['No more than an hour of data is lost', 'recovery?rto=4h&rpo=1h'],
    ['Nobody but our five engineers has access to production', 'access.limit?max=5&in=production'],
    ['We use 2FA on all accounts at GitHub', 'mfa.accounts?for=github'],
    ['Our SOC 2 report covers all criteria of security', 'certificate?standard=soc-2-type-2&scope=security'],
    ['We act immediately and at most 4 hours later', 'incident.team?within=4h'],
    ['The engineer is paged immediately', 'paging?within=5m'],
    ['Within 4 business hours a named team is on it', 'incident.team?within=24h'],
    ['Within five working days we answer', 'disclosure.answered?within=7d'],
    ['TLS connections use AES with 128 or 256 bits', 'tls.suites?bits=128'],
    ['Critical ones are fixed within 4 hours, high ones within 2 days, all others within 90 days', 'findings.fixed?critical=4h&high=48h&within=90d'],
    ['Criticals are triaged within 1 hour and fixed within 24 hours', 'findings.fixed?critical=24h'],
    ['Our load test of 2,000 requests a second runs every quarter', 'load.tested?rate=2000&every=1q'],
    ['The certificate is valid until March 2028', 'certificate?standard=iso-27001&until=2028-03-14'],
    ['We notify affected customers within 72 hours, by email or phone', 'incident.notice?within=72h&via=email'],
    ['We call or email you within 72 hours', 'incident.notice?within=72h&via=email,phone'],
    ['Uptime of 99.9% or better; last year it was 99.99%', 'uptime?min=99.9'],
    ['Our 12 engineers review every change twice', 'changes.reviewed?min=2'],
    ["Our four engineers review each other's changes", 'changes.reviewed'],
    ['Sessions end after half an hour', 'session.timeout?within=30m'],
    ['We notify customers within 72 hours', 'incident.notice?within=24h'],
    ['Logs are kept for 90 days', 'logs.kept?for=1y'],
    ['Passwords of at least 10, and for admins 16 characters', 'password.minimum?length=10'],
    ['Twice a year an outsider tests us', 'pentest?per-year=2&by=third-party'],
    ['Down for no more than 43 minutes a month', 'uptime?min=99.9'],
    ['We tell you the same day that we know, in any case within 24 hours', 'incident.notice?within=24h'],
    ['Two people per shift, three shifts a day, and the pager is answered within 15 minutes', 'paging?within=15m'],
    ['The 10 people on call are called within five minutes', 'paging?within=5m'],
    ['Our nine engineers ship only what one other has approved', 'changes.reviewed'],
    ['Sessions end after 8 hours, and after 30 minutes without a click', 'session.lifetime?within=8h;session.timeout?within=30m'],
    ['The on-call engineer, two minutes from the office, is paged within 15 minutes', 'paging?within=15m'],
  ])('are let pass: %s: %s', (text, address) => {
    expect(found(text, address)).toEqual([])
  }) // prettier-ignore
})
