/**
 * The words of security pages, by what they mean. Phrases are separated by `|`; words are compared by
 * their stem, so `encrypt` is also `encrypted` and `encryption`. `=word` is compared as it is written.
 */
export const lexicon = {
  // who
  customer:
    'customer | client | =you | =your | user | tenant | subscriber | data subject | controller | merchant | school | patient',
  staff:
    'employee | staff | personnel | team member | engineer | developer | workforce | our people | nobody | no one | none of our people | no person | no human | we | people with access | anyone | insider',
  everyone_staff:
    'employee | staff | personnel | team member | workforce | everyone | everybody | our people | contractor | hire | new starter | joiner | workers',
  partner: 'partner | contractor | subcontractor',
  cto: 'cto | chief technology officer',
  third_party:
    'third party | 3rd party | external | independent | outside | vendor | external firm | specialist firm | consultancy | auditor | cert in | outsider | security firm | qualified security assessor',
  manager:
    'manager | supervisor | bu head | head of department | department head | line manager | team lead | team leader | superior',
  other_customer:
    'another customer | other customer | another tenant | other tenant | any other customer | cross tenant | another client | other client | each other | another account | other account | another company | other organization | another organization | different customer | another user | other companies | another school | another merchant',

  // what
  data: 'data | information | record | content | file | document',
  customer_data:
    'customer data | client data | your data | user data | tenant data | personal data | customer information | customers data | clients data | data of customer | content of customer | production data',
  database:
    'database | data store | datastore | db | postgres | postgresql | mysql | rds | aurora | sql server | mongodb',
  storage:
    'storage | bucket | disk | volume | s3 | hard drive | object store | file storage | blob',
  backup: 'backup | back up | backed up | backs up | snapshot | =backing',
  laptop:
    'laptop | workstation | notebook | work device | company device | employee device | staff device | company computer | endpoint device | macbook | mobile device | corporate device | staff computer | company issued',
  disk: 'disk | hard drive | hard disk | drive | full disk | filevault | bitlocker',
  endpoint:
    'endpoint | website | browser | web traffic | api | connection | traffic | https | tls | ssl',
  password: 'password | passphrase',
  account: 'account | login | credential',
  system: 'system | service | application | tool | platform | internal tool',
  code: 'code | pull request | merge request | commit | change | code change',
  deployment: 'deploy | deployment | release | rollout | roll out',
  production: 'production | prod',
  environment: 'environment | stage',
  network: 'network | vpc',
  logs: 'log | logging | audit log | event log | audit trail',
  incident:
    'incident | breach | data breach | security event | compromise | unauthorized access to your data | personal data breach',
  vulnerability:
    'vulnerability | weakness | security issue | finding | flaw | security bug | open issue | cve | issues reported | issue found | issue reported',
  dependency:
    'dependency | third party software | third party library | open source library | library | open source component | package | third party component',
  pentest:
    'penetration test | penetration testing | pen test | pentest | vapt | pen testing | pentesting | penetration tester | pen tester | security assessment by',
  scan: 'vulnerability scan | vulnerability scanning | scanned for vulnerability | security scan | scan | scanner | vulnerability testing | vulnerability assessment',
  researcher:
    'researcher | security researcher | ethical hacker | white hat | finder | hacker | bug hunter | reporter',
  disclosure:
    'disclosure policy | vulnerability disclosure | responsible disclosure | coordinated disclosure | security.txt | incident disclosure | disclosure program | disclosure programme',
  reward: 'reward | bounty | bounties | pay | paid | swag',
  training: 'training | trained | train | awareness course | security awareness | security course',
  background:
    'background check | background screening | screening | screened | vetted | vetting | criminal record check | background checks | references are checked',
  confidentiality:
    'confidentiality agreement | non disclosure agreement | nda | ndas | confidentiality clause | bound to confidentiality | confidentiality | secrecy | bound by confidentiality | non disclosure',
  certificate_word:
    'certified | certificate | certification | compliant | compliance | attestation | report | accredited | comply | audited | hold | licence | award',
  provider_word:
    'hosting provider | cloud provider | csp | data center | datacenter | cloud service provider | infrastructure provider | hosted in an environment',
  subprocessor: 'sub processor | subprocessor | sub processors',
  vendor:
    'vendor | supplier | sub processor | subprocessor | service provider | third party provider | subcontractor',
  region_word: 'region | country | jurisdiction | data center | datacenter | location',

  // verbs
  encrypt: 'encrypt | encrypted | encryption | aes | cipher | enciphered | cmek',
  at_rest:
    'at rest | on disk | =stored | encrypted storage | when stored | hard disk | in storage | while stored | storage',
  in_transit:
    'in transit | in motion | transmit | transmitted | transmission | transfer | over the wire | over the network | transport encryption | in flight | travel | data transfer | between your browser | pathway',
  tls: 'tls | ssl | https | secure sockets layer | transport layer security | tls/ssl',
  only: 'only | exclusively | solely | =exclusive | nowhere else | =never leave | 100% | always | all | every | everything | any',
  notify:
    'notify | notified | notification | inform | informed | alert | email | tell | told | contact | communicate | report | write to | hear from us | let know | notice | announce | advise | disclose | advised',
  delete:
    'delete | deleted | deletion | erase | erasure | destroy | destruction | purge | wipe | remove | removal | return or delete | anonymize',
  export:
    'export | data export | portability | full export | download | copy of all | copy of their data | copy of your data | hand over | exportable',
  review:
    'review | reviewed | peer review | code review | inspect | recertify | recertification | looked over | recertified',
  approve:
    'approve | approval | approved | authorise | sign off | authorized by | signed off | signature | consent of | consent from',
  monitor: 'monitor | monitoring | watch | surveil | observe',
  fix: 'fix | fixed | remediate | remediation | resolve | patch | patched | mitigate | address | repair | close | remedy | timeline | sla | time to fix',
  retest:
    'retest | retested | re test | re tested | verify the fix | tested again | confirm the fix | confirmed by the tester',
  restore: 'restore | restoration | recover | roll back | rollback | recovery',
  access:
    'access | view | read | see | reach | look at | accessible | enter | log into | log in to | connect to',
  limit:
    'limited to | only | restricted to | restrict | limit | except | no more than | at most | reserved for | solely | exclusively | nobody else',
  host: 'host | hosted | run | runs | stored | store | located | deployed | deploy | keep | kept | reside | live | process | processed | spin | built | remain | hosting | reside | held | hold | stays | stay | sits | residing | residency | reside',
  share: 'share | sell | shared | disclose | pass on | disclosed | sold | rent | give | hand',
  offer:
    'offer | support | enable | available | provide | can | may | able to | allow | integrate | sign in | configure | use | turn on | through | let | via | possible',
  enforce:
    'enforce | require | required | mandatory | must | minimum | least | at least | have to | need | compulsory | requirement | policy | reject | refuse | obligatory | shorter | insist',
  rotate: 'rotate | rotated | rotation | renew | replaced | roll | =changed',
  retain:
    'retain | retained | retention | keep | kept | stored for | store | held | hold | archived | preserved | archive',
  isolate:
    'isolate | isolated | isolation | segregate | separate | separated | segregation | partition | logically separated | separation | row level security | strictly apart',
  logical:
    'logical | logically | logical separation | row level security | tenant id | unique field | uniquely identifiable | customer id | organization id | identifier | tenant identifier | tagged with | key | scoped',
  prevent:
    'prevent | cannot | never | can not | not be able | no customer | impossible | no tenant | stop | ensure | only data | pertaining | refuse | nobody else | not possible | blocked | no way | unable | no client | no user',
  test: 'test | tested | testing | exercise | drill | rehearse | practise | practice | simulate | simulation | rehearsal | dry run | run through',
  need_to_know:
    'need to know | least privilege | =as-needed | business need | need based | principle of least | standing access | just in time',
  two_factor:
    'two factor | 2fa | mfa | multi factor | two step | multifactor | second factor | hardware key | security key | 2 factor | two step authentication | two step verification | fido2 | webauthn | passkey | yubikey',
  sso: 'sso | single sign on | saml | openid connect | oidc | sign in with google | log in with google | google workspace | gsuite | okta | azure ad | entra | scim | own identity provider',
  hash: 'hash | hashed | hashing | bcrypt | argon2 | argon2id | scrypt | pbkdf2 | salted',
  rbac: 'role based access control | rbac | granular permission | role based permission | user role | permission level | custom role | roles and permission | fine grained permission | roles',
  session:
    'session | idle session | logged out | log out | sign out | signed out | inactivity | inactive session | idle',
  allow_list:
    'ip allow list | allowlist | ip whitelist | white list | whitelist | allow listing | ip allowlisting | white listing | ip restriction | ip address restriction | ip range | ip allow lists',
  revoke:
    'revoke | revoked | deprovision | removed | disabled | offboard | offboarding | withdrawn | terminate access | deactivate | lose | closed | taken away',
  leaver:
    'leave | leaver | departure | departing | offboarding | termination of employment | terminated employee | end of employment | exit | leaving | resign | last working day | contract ends | employment ends | leaves',
  uptime: 'uptime | availability | available | up',
  failover: 'failover | fail over | switch | switchover | secondary | standby | promote',
  standby:
    'standby | secondary | replica | primary | second database | database server | failover | passive node',
  replica:
    'multiple availability zone | availability zone | multi az | redundant | redundancy | multiple copies | node | replica | replicated | zones | instance',
  zones:
    'availability zone | az | zone | multi az | availability zones | physically separate data center',
  copies:
    'copy | copies | replicate | replicated | second region | another region | multiple regions | different region | off site | offsite | separate region | other region | cross region | two region | separate location | geographically separate | different location | second location',
  point_in_time: 'point in time | pitr | any point in time | any second | any minute',
  recovery_time:
    'rto | recovery time objective | recovery time | restore service within | service restored within | back online within | recover within',
  recovery_point:
    'rpo | recovery point objective | recovery point | data loss | lose at most | lose no more | loss of data',
  tabletop:
    'tabletop | table top | table top exercise | tabletop exercise | simulation exercise | crisis exercise',
  contingency:
    'contingency plan | another region | other region | other regions | another cloud provider | another provider | different cloud | evacuate',
  redeploy:
    'redeploy | deployed quickly | rebuilt from scratch | rebuild | infrastructure as code | recreate | from nothing | deployed anew | from scratch | cold start',
  disaster:
    'disaster recovery | dr plan | business continuity | bcp | continuity plan | recovery plan | dr',
  card: 'card | credit card | card number | card information | card data | cardholder | payment card | pan | payment details | payment information | card details',
  consent:
    'consent | explicitly allow | permission | authorize | allow | your approval | unless you | without your | grants us | grant us | invite us | agree | ask us to | approve | approved by the customer',
  firewall:
    'firewall | waf | web application firewall | ddos | intrusion detection | ids | ips | rate limit | rate limiting | denial of service protection | spoofing | sniffing | port scanning',
  detector:
    'guardduty | guard duty | security hub | defender for cloud | threat detection | falco | security command center | intrusion detection | crowdstrike | ids',
  flow_logs: 'flow log | flow logs | vpc flow',
  outlier:
    'outlier | anomaly | anomalies | unusual | suspicious | abnormal | irregular | alert rule',
  page: 'on call | pagerduty | pager duty | opsgenie | paged | pages | paging | 24/7 on call | mobile phone | woken',
  continuous:
    'continuous | continuously | 24/7 | around the clock | 24x7 | constantly | at all times | day and night | round the clock | every minute | 24 hours a day | permanently',
  team: 'team | engineer | responder | response team | named people | incident commander | incident lead | security lead',
  assign:
    'assign | assigned | dedicate | on it | take over | appoint | assemble | form | designate | takes charge | take charge | convene | named',
  potential: 'potential | suspected | possible | suspicion',
  follow_up:
    'work with | assist | support | follow up | cooperate | keep updated | root cause | post mortem | postmortem | timeline | help',
  automated:
    'automated | automatic | static analysis | sast | dast | linter | semgrep | codeql | code scanning | automatically',
  attack_class:
    'sql injection | cross site scripting | xss | csrf | cross site request forgery | session vulnerability | file access | denial of service | injection | secret | authentication',
  owasp: 'owasp top 10 | owasp top ten | owasp',
  areas:
    'cover | covers | covered | scope | area | areas covered | include | includes | including | against',
  quarter_word: 'quarter | quarterly',
  malware:
    'antivirus | anti virus | anti malware | antimalware | edr | malware protection | endpoint protection | endpoint detection | malware | virus scanner | virus protection',
  policy_word:
    'policy | policies | plan | procedure | programme | program | bcp process | documented',
  pci: 'pci | pci dss | stripe | adyen | braintree | chargebee | payment processor | payment provider',
  own_servers:
    'own servers | physical server | own routers | router | load balancer | dns server | own hardware | own data center | on premise | our own data | hardware | physical servers | self hosted | own any servers | own physical | servers of our own',
  shared:
    'multi tenant | shared database | share a database | shared cluster | multitenant | physical segregation | individual database | database cluster for every | share database | same database | multi-tenant | database per customer | separate database for every | database of your own | own database',
  dedicated:
    'dedicated database | own database | individual database | single tenant | dedicated instance | dedicated cluster | isolated instance | private instance | separate database | database of your own | database of its own',
  own_key:
    'own encryption key | customer managed key | byok | bring your own key | cmk | own key | customer managed encryption key | your own key | cmek',
  per_customer_key:
    'key per customer | unique encryption key | separate encryption key | per tenant key | own encryption key | its own key | unique key | tenant specific key | key of its own | customer specific key | per customer key | separate key | individual key | different key',
  key: 'key | encryption key | keys | secret | master key | api key | certificate | signing key',
  only_apps:
    'only our application | except our application | only our program | our applications are able | only our applications | no human | no person | only the application',
  authz:
    'authorization service | authorization check | authorized before | permission check | access check | authorization layer | authz | authorization | entitlement | authorised before',
  each_request: 'request | every request | each request | incoming request | api call | every call',
  rest_api:
    'rest api | =restful | openapi | api framework | documented api | api documentation | api reference',
  api: 'api | apis | application programming interface',
  cluster: 'database cluster | cluster | new database | new cluster',
  process_complete:
    'complete and timely | processed completely | timely processing | processed in time | completely and in time | completely and on time | no job is lost | complete, accurate | processed exactly once',
  update: 'security update | update | patch | upgrade | security patch | security fix',
  install:
    'install | installed | apply | applied | update | updated | release | rolled out | upgrade | deploy',
  audit_trail:
    'audit trail | audit log | log every | =logged | log all | logs all | access log | log of every | recorded in',
  layers:
    'infrastructure | application | database | setup | access | layer | admin | change | administrator | administrative | login',
  links_word:
    'terms | privacy policy | terms of use | terms of service | terms & conditions | terms and conditions',
  read_these: 'read | refer | see | please | visit | details',
  contact_word:
    'contact | reach out | reach us | write to | email us | questions | report | mailbox | reported to | e-mail',
  answer:
    'respond | reply | answer | acknowledge | triage | triaged | first response | get back | hear back | confirm receipt | receive an answer | response | acknowledgement',
  purpose:
    'other purpose | any other purpose | advertising | train ai | train models | machine learning models | resell | own purposes',
  status_page: 'status page',
  loadtest: 'load test | load tested | load testing | stress test | stress tested',
  subprocessor_list:
    'list of sub processor | sub processor list | list of subprocessor | subprocessor list | new sub processor | new subprocessor | additional sub processor | change of sub processor | changes to our subprocessor | sub processors | subprocessors | replacement of sub processor | changes to subprocessors',
  advance: 'advance | prior | before | notice | in advance | beforehand | ahead | announce',
  assess:
    'assess | review | reassess | evaluate | vet | re-evaluate | reviewed | due diligence | check | re assess',
} as const

export type Concept = keyof typeof lexicon
