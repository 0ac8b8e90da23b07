import type { Rule } from './rule.ts'

export const incidentsRules: readonly Rule[] = [
  {
    proof: 'incident.notice',
    words: 'notify ~customer ~incident @within',
    not: '"a report"|"the report"|"full report"|"written report"|"incident report"|"root cause"|"post mortem"|"follow up" researcher authority ticket subprocessor "maintenance" on_call',
    take: {
      within: 'within',
      to: 'names recipients',
      via: 'channels',
      potential: 'potential',
    },
    need: 'within',
    near: 36,
  },
  {
    proof: 'incident.notice',
    words:
      '"breach notification"|"incident notification"|"customer notification"|"notification of incidents"|"notification of breaches" @within',
    not: 'authority ticket',
    take: { within: 'within', via: 'channels' },
    need: 'within',
  },
  {
    proof: 'incident.notice',
    words: 'notify customer incident',
    not: 'researcher authority ticket subprocessor follow_up @frequency "may need" on_call "report"|"reports" "following each incident"|"after each incident"|"after every incident"',
    take: {
      within: 'within',
      to: 'names recipients',
      via: 'channels',
      potential: 'potential',
    },
    near: 30,
  },
  {
    proof: 'incident.team',
    words: 'assign team ~incident|"response team"|"response squad"|"incident team" @within',
    not: 'notify',
    take: { within: 'within' },
    need: 'within',
    over: 'incident.notice',
  },
  {
    proof: 'incident.followup',
    words:
      '"root cause analysis"|"post mortem"|"postmortem" customer|"publish"|"share"|"write"|"send"',
    not: '"outage"',
  },
  {
    proof: 'incident.followup',
    words: 'follow_up ~incident',
    not: 'vulnerability retest researcher',
    near: 24,
  },
]
