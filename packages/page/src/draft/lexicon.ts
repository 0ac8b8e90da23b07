/**
 * The words of security pages, by what they mean. Phrases are separated by `|`; words are compared by
 * their stem, so `encrypt` is also `encrypted` and `encryption`. `=word` is compared as it is written.
 */

/** How pages call those they serve. */
const customers =
  'customer client tenant user subscriber controller merchant school patient buyer workspace company ' +
  'organization council hospital clinic carrier practice institution seller account team college student'

/** `another customer`, `any other client`, `cross-tenant`, and the like, for each of those words. */
const others = customers
  .split(' ')
  .flatMap((word) => [`another ${word}`, `other ${word}`, `different ${word}`, `cross ${word}`])
  .join(' | ')

export const lexicon = {
  // who
  customer:
    'customer | client | =you | =your | =yours | user | tenant | subscriber | data subject | controller | merchant | school | patient | buyer | workspace | organization | hospital | clinic | carrier | covered entity | institution | account owner | teammate | member | admin | administrator | teacher | concerned | =affected',
  customer_admin:
    'admin | administrator | account owner | owner | customer | client | tenant | workspace | buyer | school | organization | =you | user',
  staff:
    'employee | staff | personnel | workforce | team member | engineer | developer | our people | our team | the team | whole team | entire team | colleague | worker | contractor | hire | new starter | joiner | our own people | everyone at | everybody at | everyone who joins | everyone who works | each member of personnel | individual authorized | internal | corporate | supplier administrator | applicant | candidate | we all | all of us | new people | new colleague | crew | everybody here | everyone here | everyone who | people who work | joining | people who join | new starters | support people | support agent | operator | hires | is hired | we hire | hired | contract of employment | employment contract',
  everyone:
    'everyone | everybody | all of us | every account | every person | all accounts | anyone | anybody | each person | all of them | we all | every one of us',
  us: '=we | =us',
  nobody:
    'nobody | no one | no person | no human | none of us | no member of staff | no employee | not even we | natural person | any person',
  partner: 'partner | contractor | subcontractor',
  third_party:
    'third party | 3rd party | external | independent | outside | external firm | specialist firm | consultancy | auditor | cert in | outsider | security firm | security company | qualified security assessor | assessor | accredited company | crest | approved scanning vendor | specialist company | outside firm | firm | outside company | accredited tester | accredited testers | external tester',
  manager:
    'manager | supervisor | department head | head of department | bu head | line manager | team lead | superior | boss | team leader | head of',
  other_customer: `${others} | one another's | each other | another's | everyone else's | anyone else's | belongs to another | belong to another | someone else's | data of another`,
  people:
    'people | person | folks | engineer | employee | developer | individual | staff | admin | sre | sres | team | member | of us | of our',

  // what
  data: 'data | information | record | content | file | document | phi | resource | everything',
  customer_data:
    'customer data | client data | =your data | user data | tenant data | personal data | customer information | data of customer | content of customer | pupil data | student data | patient data | buyer data | data of the customer | your inbox | your account | your information | your content | your files | an account | customer accounts | school data | employee data | health information | phi | what customers enter | your record | your board | your message | your project | your document | your photo | customer record | customer content | data of our customers | what you store | what you upload | tenant content | customers data | data of customers | guest data | client file | client document | case data | case file',
  database:
    'database | data store | datastore | db | dbs | postgres | postgresql | mysql | rds | aurora | sql server | mongodb',
  storage:
    'storage | bucket | disk | volume | s3 | hard drive | object store | file storage | blob | database | data store | server disk | hard disk | data carrier | medium | file system | storage medium | object storage',
  backup:
    'backup | back up | backed up | backs up | snapshot | =backing | backup copy | copy the whole database | copy the entire database | copy of the whole database | copy of the database | copy of the entire database | database copy | copy every database | copy all databases | copy the database | old copy | old copies | dump of the database | database dump | full copy of the database',
  laptop:
    'laptop | workstation | notebook | portable computer | mobile computer | portable device | work device | company device | employee device | staff device | company computer | macbook | mobile device | corporate device | staff computer | company issued | work computer | endpoint device | mac | staff machine | staff laptop | developer machine | staff phone',
  computer:
    'laptop | workstation | notebook | computer | endpoint | work device | company device | macbook | device | mac | pc | machine',
  password: 'password | passphrase | local credential | passcode',
  account:
    'account | login | credential | access | access right | right | authorization | everything',
  entitlement:
    'access | access right | right | permission | authorization | entitlement | account | privilege | user list | access list | list of people | who has access | who can | user right | user account | admin right | list of accounts',
  system:
    'system | service | application | tool | platform | app | endpoint | api | website | site',
  code: 'code | pull request | merge request | =commit | =commits | code change | =change | =changes | =PR | =PRs | =pr | diff | patch set | source code | change to | pull requests | merge requests',
  deployment: 'deploy | deployment | release | rollout | roll out | go live | goes live',
  production: 'production | prod',
  environment: 'environment | subscription',
  network: 'network | vpc',
  logs: 'log | logging | audit log | event log | audit trail | log file | access log | metrics | log entry | log data | journal | protocol | access event | audit event | event data | application event | telemetry',
  incident:
    'incident | breach | data breach | security event | compromise | unauthorized access | wrong hands | data protection violation | intrusion | hacked | break in | security problem | data leak | leak | data loss event | personal data breach | goes wrong | went wrong | data exposed | gets at your data | get at your data | got at your data | got hold of your data | gets hold of your data',
  vulnerability:
    'vulnerability | weakness | security issue | finding | flaw | security bug | open issue | cve | issue found | issue reported | issues are | issue from | remediate | criticals | highs | bug | hole | problem they find | anything they find | anything critical | security hole | defect',
  dependency:
    'dependency | third party software | third party library | open source library | library | open source component | third party package | third party component | dependabot | dependency advisory | third party code | package | packages | open source | open source package | base image | container image | framework',
  pentest:
    'penetration test | pen test | pentest | vapt | penetration tester | pen tester | security assessment by | it health check | break into | tries to break in | try to break in | tries to hack | try to hack | penetration testing | ethical hacking | pentester | pen testers | red team | attack us | hack us | attacks our application | attack our application | attacks our platform',
  scan: 'vulnerability scan | scanned for vulnerability | security scan | scan | scanner | vulnerability testing | vulnerability assessment | tests us for vulnerabilities | test us for vulnerabilities | zap | nessus | qualys scan | robot scan | scanned | scanning',
  researcher:
    'researcher | security researcher | ethical hacker | white hat | finder | hacker | bug hunter | =reporter | =reporters | whoever reports | security community',
  disclosure:
    'disclosure policy | vulnerability disclosure | responsible disclosure | coordinated disclosure | security.txt | incident disclosure | disclosure program | report vulnerability | policy for researcher | bug bounty program | bug bounty programme | disclosure programme',
  report_found:
    'found a vulnerability | find a vulnerability | report a vulnerability | reporting a security | reporting | report a security | security issue | researcher | disclosure | vulnerability | found something | reports | research | report a bug | found a bug | bug | bug report | report a problem | found a hole | hole | reporting a vulnerability | vulnerability report | found an issue | report an issue | tell us about a',
  reward:
    'reward | bounty | bounties | =pay | =pays | =paid | pay for | we pay | bounties start | payout',
  training:
    'training | trained | awareness course | security awareness | security course | training course | security lesson | instructed in | instruction in | taught | awareness session | e-learning | security bootcamp | refresher | schooled in',
  background:
    'background check | background screening | background checked | screening | screened | vetted | vetting | criminal record check | police check | reference check | clearance | criminal background | checked before | references | reference checked | vetted before | criminal record | reference and criminal | identity check | background verification | dbs',
  confidentiality:
    'confidentiality agreement | non disclosure agreement | nda | ndas | confidentiality clause | confidentiality | secrecy | non disclosure | data secrecy | keep secrets | vow of silence | obligation of secrecy | confidentiality undertaking',
  certificate_word:
    'certified | certificate | certification | compliant | compliance | attestation | report | accredited | comply | audited | hold | licence | license | award | aoc | conform',
  certificate_heading:
    'certification | certificate | compliance | audit | accreditation | standard',
  provider_word:
    'hosting provider | =our host | cloud provider | csp | data center | datacenter | cloud service provider | infrastructure provider | hosted in an environment | environment that host | data centre operator | hoster | infrastructure supplier | hosting partner | hosting company',
  subprocessor:
    'sub processor | subprocessor | further processor | sub contractor | other processor | sub processors',
  vendor:
    'vendor | supplier | sub processor | subprocessor | service provider | third party provider | subcontractor | further processor | third party supplier | companies we use | service providers we use',
  region_word: 'region | country | jurisdiction | data center | datacenter | location',
  hosted:
    'host | hosting | data center | datacenter | region | cloud | residency | infrastructure | hosted | hosts | servers | data centre | run from',
  hosted_things:
    'data | customer data | system | server | infrastructure | application | everything | service | production | platform | record | database | phi | form | document | storage | we | it',

  located:
    'store | process | keep | kept | live | lives | reside | locate | held | hold | sit | sits | stay | run | operate | deploy | remain | spin | stand | base | found | placed | physically | resides | sited | situated | kept on',
  to_customer:
    'you can | customers can | clients can | users can | admins can | administrators can | owners can | members can | =your | =yours | available to | offered to | your users',
  staff_only:
    'employee | staff | personnel | workforce | our team | our engineers | our people | internal system',
  plain_http:
    'unencrypted access | unencrypted connection | plain http | plain old http | plaintext | cleartext | insecure connection | http requests | unencrypted | insecure http | http traffic | port 80 | http is | over http | http request | clear text | non tls | non encrypted | unsecured connection | http gets | http alone | plain text request | plain text connection | plain text connections | http without tls | http without encryption | type http | types http',
  exclusive:
    'exclusively | entirely | solely | only uses | only use | use only | nothing else | nowhere else | everything runs | all of our services | all services | all our services | all of its services | only infrastructure provider | all of these | everything we have runs | all runs | runs entirely | all of it | all our infrastructure | all our systems | only | only place | only provider | only host',
  ticket: 'ticket | support request | helpdesk | support hours | support team | service desk',
  authority: 'authority | regulator | supervisory | individuals | ico',
  ending:
    'terminate | termination | cancel | cancellation | expiry of the contract | expiry of the agreement | expiry of your | end of contract | end of the contract | contract ends | contract end | subscription ends | close your account | closing your account | closing their account | account closure | end of your subscription | end of the subscription | end of the agreement | closure | leaving | =leave | =leaves | contract | delete your account | closing the account | account is closed | account closes | you leave us | leave us | contract is over | agreement ends | contract is terminated | end of your contract | close an account | closes its account | closes their account | close their account | delete their account | deletes its account | deletes their account | relationship ends | end of the relationship | quit | moves away',

  // verbs
  encrypt:
    'encrypt | encrypted | encryption | aes | cipher | enciphered | cmek | luks | aes-256 | filevault | bitlocker | full disk encryption | disk encryption | locked with a key | ciphertext',
  at_rest:
    'at rest | on disk | =stored | encrypted storage | when stored | in storage | while stored | everything we store | all we store | anything we store',
  in_transit:
    'in transit | in motion | transmit | transmitted | transmission | transfer | over the wire | over the network | transport encryption | in flight | travel | pathway | traffic | to and from | between your',
  tls: 'tls | ssl | =https | secure sockets layer | transport layer security | tls/ssl',
  least_version:
    'endpoint | minimum | connection | connect | higher | newer | above | later | better | only | least | all | every | traffic | api | website | browser | network | encrypt | secure | protect | enforce | require | use | disable | reject | refuse | remove | below | older | support',
  notify:
    'notify | notified | notification | inform | informed | alert | email | tell | told | contact | communicate | report | write to | hear from us | let know | notice | announce | advise | disclose | get an e mail | e mail from us | e mail | hears from us | hear about it | you will know | call you | phone you | ring you | mail you | write to you | drop you | let you know | lets you know | informing | contacts | get an email | gets an email | receives an email | receive an email | receive an e mail',
  delete:
    'delete | erase | erasure | destroy | destruction | purge | wipe | remove | removal | return or delete | anonymize | toss | prune | discard | =gone | overwrite | throw away | thrown away | thrown out | get rid of | expunge | clear | clear out | dispose | scrub | vanish | deleted | drop | wiped | rotate out | cease to exist | expunged',
  export:
    "export | =portability | data portability | full copy | download | copy of all | copy of their data | copy of your data | hand over | dump | everything we have | everything we've got | complete copy | take your data | take their data | copy of its data | zip of everything | zip of all | export function | data export | data out | take my data | get my data | take data with",
  review:
    'review | recertify | recertification | look over | go over | audit every | re-examine | verified | checked | go through | goes through | gone through | second pair of eyes | another pair of eyes | four eyes | once over | reconsider | reread | read by | looked at by | look through | re certified | re certify | attest | walked through | hard look | close look | fresh look',
  approve:
    'approve | approval | authorize | sign off | authorized by | signed off | signature | thumbs up | sign-off | signing it off | signs it off | signed it off | sign it off | go ahead | okay | approver | signs off | clearance of | consent of the head | agreement of | release by | green light | signed by | says yes | say yes',
  monitor:
    'monitor | monitoring | watch | surveil | observe | monitored | keep an eye | under watch | surveillance of',
  fix: 'fix | fixed | remediate | remediation | resolve | patch | mitigate | address | repair | close | remedy | fix time | time to fix | times to fix | timeline | closed | put right | mend | cured | remedied | deal with | dealt with | sorted | eliminated | corrected | correct',
  retest:
    'retest | retested | re test | re tested | verify the fix | tested again | confirm the fix | looks again | look again | checks again | check again | comes back to check | same firm | verify fixes | verifies the fix | verifies that the fix | confirms the fix | fix is verified | second look | re check | rechecked | verify each fix | verify every fix | verify fix | test the fix | test the fixes | testers verify | confirms each fix',
  access:
    'access | view | read | see | look at | accessible | log into | log in to | connect to | get into | =opens | =reach | =root | peek | seen | reachable | able to reach | get to | look into',
  limit:
    'limited to | only | restricted to | restrict | limit | except | no more than | at most | reserved for | solely | exclusively | nobody else | no one else | nobody | confined | just | cap | capped | maximum',
  share:
    'share | sell | disclose | pass on | passed | sold | rent | give | disclosed to | passed on | hand on | handed to | give to | given to | hand over to | goes to',
  offer:
    'offer | support | enable | available | provide | can | may | able to | allow | integrate | sign in | configure | through | let | via | possible | activate | switch on | turn on | set up | insist | compulsory | mandatory | enforce | require',
  enforce:
    'enforce | require | required | mandatory | must | minimum | have to | has to | need | compulsory | requirement | policy | reject | refuse | obligatory | insist | only | force | make compulsory | oblige | impose | without exception | demand | demanded | ask for | asked for | prompted',
  rotate:
    'rotate | rotation | renew | replace | exchange | swap | swap out | roll over | key change',
  retain:
    'retain | retention | hang on to | hangs on to | hold on to | keep | kept | stored for | store | hold | archive | preserve',
  isolate:
    'isolate | isolated | isolation | segregate | separate | segregation | partition | kept apart | strictly apart | separation | apart',
  logical: 'logical | logically | row level security | row level',
  prevent:
    'prevent | impossible | technically excluded | not possible | unable | stop | blocked | forbid',
  test: 'test | exercise | drill | rehearse | practise | practice | simulate | simulation | rehearsal | dry run | for real',
  need_to_know:
    'need to know | least privilege | =as-needed | minimum necessary | business need | need based | who need it | need it to perform | need access to | required for their job | need for their work | when they need | need to see | needs it for | need it for | those who need | who needs it | strictly necessary | job requires | role requires | task requires | people who need | work needs | work requires | only the access | job needs | job calls for | work calls for | role calls for | require such access | requires such access | perform their duties | need to do their job | needed to do their job | need to do their work | duties require',
  two_factor:
    'two factor | 2fa | mfa | multi factor | two step | multifactor | second factor | 2 factor | fido2 | webauthn | passkey | yubikey | totp | second authentication | hardware token | hardware key | hardware security key | =security key | =security keys | two step sign in | second step | authenticator app | security token',
  sso: 'sso | single sign on | saml | openid connect | oidc | scim | own identity provider | identity provider | sign in with your own | company login | corporate login | enterprise login | federated login | identity federation',
  sign_in:
    'sign in | log in | login | sign on | logged in | signing in | sign in with | authenticate | log on',
  hash: 'hash | hashing | bcrypt | argon2 | argon2id | scrypt | pbkdf2 | hashed | salted hash',
  rbac: 'role based access control | rbac | granular permission | granular role | role based permission | user role | permission level | custom role | roles and permission | role and permission | fine grained permission | fine grained role | role concept | fine grained access | permission of each | user permission | roles to its users | role to each | through role | by role | via role | with role | using role',
  idle: 'idle | without activity | without input | without use | without being used | no activity | unused | log you out | logged out | sign you out | signed out | inactivity | automatic logout | time out | timeout | doing nothing | idle time | inactive | signed off | idle hour | idle minute | logs out | logged off | logs you off | log in again | sign in again',
  session:
    'session | idle | log you out | logged out | sign you out | signed out | inactivity | automatic logout | time out | timeout | doing nothing | idle time | inactive | signed off | sessions | idle hour | idle minute | logs out | logged off | logs you off',
  allow_list:
    'ip allow list | allowlist | allow list | whitelist | white list | ip restriction | ip address restriction | ip range | ip filter | ip address filter | ip allow lists | ip allowlist | ip whitelist | network restriction | limit sign in to | ip address range | certain ip | own ip | trusted network | trusted ip | by ip | ip based | known ip | limited to ip address | office ip address | own ip address | cidr range | cidr | ip allowlisting | allowlisting | office network',
  own_addresses:
    'our ip | ip address | ip addresses | ip range | egress ip | outbound ip | egress address | list of addresses | addresses our | static ip | outbound address | outgoing ip | outgoing address | address we send from | egress ips | addresses of our servers | addresses our servers | our outgoing addresses',
  revoke:
    'revoke | deprovision | remove | disable | offboard | offboarding | withdraw | withdrawn | terminate | deactivate | lose | close | taken away | block | =gone | =off | shut off | cut off | dead | shut | shut down | switched off | cancel | killed | pulled | disappear | ended | expire | suspended | taken back | taken from | locked',
  leaver:
    'leaver | employee termination | employee departure | employee exit | termination of an employee | departure of an employee | end of their employment | =departing | departure | offboard | offboarding | termination of employment | terminated employee | end of employment | end of the employment | cessation of employment | separation | moves on | move on | resign | resignation | last working day | contract ends | employment ends | =leave | =leaves | leaving | someone leaves | =departed | people leave | somebody leaves | person leaves | employee leaves | staff leave | leaves us | leaves the company | leaves the firm | moved on | quits | notice period | end of the employment contract | last day | left the company | have left | who leave | who leaves | leave the company | termination of the employment | end of their contract | end of his contract',
  uptime: 'uptime | availability | available | up and available | reachable',
  failover:
    'failover | fail over | switchover | switch | take over | takes over | switch over | switched over | switching over | flip over',
  standby:
    'standby | secondary | replica | primary | second database | database server | passive node | hand back | and back | between | second site | warm standby | hot standby | second database server | spare | other site | backup site',
  zones: 'availability zone | az | azs | zone | multi az | physically separate data center',
  copies:
    'second region | another region | multiple regions | different region | off site | offsite | separate region | other region | cross region | two region | three region | separate location | geographically separate | different location | second copy | second location | another location | second data center | another data center | another country | second provider | other country | =US region | =EU region | copy in a second',
  point_in_time:
    'point in time | pitr | any point in time | any second | any minute | moment in time | any moment | any second of | roll back to any | rolled back to any | any point within | any given second | any given moment | second of choice | exact moment | to the minute | to the second | any given minute | any given hour | given minute',
  recovery_time:
    'rto | recovery time objective | recovery time | restore service | restored within | back online | recover within | restore the service | service restored | running again | up again | back up and running | be back | be restored | restore them | restored in | back up in | back in under | up and running | back within | service back | back in service | be back in | running within | restore operations | resume service | resume within | recover in | recover in under | time to recover | time to restore | back after at most | recovery takes | have you back | get you back',
  recovery_point:
    'rpo | recovery point objective | recovery point | data loss | lose at most | lose no more | loss of data | data lost | lost data | maximum loss | losing no more | losing at most | lose up to | losing more | last hour of your work | data can be lost | data may be lost | newest data lost | lose the last | would be lost | may be lost | might be lost | be lost | can lose | stand to lose | hour of work | hours of work | minutes of work | minutes of data | hours of data | hour of data | day of work',
  tabletop:
    'tabletop | table top | crisis exercise | disaster scenario | emergency exercise | incident simulation | crisis drill | emergency drill | incident exercise | crisis simulation | simulated incident | simulated breach | mock incident | dry run of an incident | incident drill | practise an incident | game day | act out | role play | play through | rehearse an incident | act through | play out a disaster | play out an emergency | play out a crisis | by way of simulation | exercised by simulation',
  contingency:
    'another region | other region | other regions | another cloud provider | another provider | different cloud | evacuate | different region | another eu region | another cloud | other side of | second provider | another data center | another data centre',
  redeploy:
    'redeploy | rebuilt from scratch | rebuild | recreate | from nothing | deployed anew | from scratch | cold start | deployed quickly | deploy anew | built again | rebuilt | set up again | infrastructure as code | stood up again | from code alone | build the whole | rebuild the | from code | from our code | recreated from | stack comes up | platform comes up | from terraform',
  recover:
    'disaster recovery | recovery | restore | restoration | recovery plan | restore test | test restore | dr plan | dr test',
  card: 'credit card | card number | card information | card data | cardholder | payment card | =PAN | =PANs | payment details | payment information | card details | payment data',
  consent:
    'consent | explicitly allow | explicit permission | permission | your approval | unless you | without asking | asking you | agree | told us | approved by the customer | approval of the customer | invite us | grant us | when you allow | you allow it | allow us | let them | unless you ask | you ask | invites us | your say so | you say so | you let us | you have agreed | customer has agreed | customer agrees | customer asks | customer invites | granted by the customer | released by the customer | opt in | told to | granted access | grant access | has granted | have granted | has allowed | prior authorization',
  flow_logs: 'flow log | vpc flow',
  outlier:
    'outlier | anomaly | anomalies | unusual | suspicious | abnormal | irregular | irregularities | strange | odd | out of the ordinary | deviates | deviation | unexpected',
  alert:
    'alert | notify | notified | flag | trigger | raise | alarm | page | alarm goes off | go off | ring | rings | wake | pages',
  on_call:
    'on call | pagerduty | pager duty | opsgenie | =paged | =paging | pager | mobile phone | woken | duty engineer | engineer on duty | duty phone | wakes someone | wake someone | phone rings | rings the | duty officer | on duty | woken up | gets out of bed | beeper | rota',
  continuous:
    'continuous | continuously | 24/7 | around the clock | 24x7 | constantly | at all times | day and night | round the clock | every minute | 24 hours a day | permanently | real time | 24 7 | 24 hours | uninterrupted | without interruption | without a break | all day and night | day or night | every second of | never sleep',
  team: 'team | response team | responder | named people | named person | named persons | dedicated crew | incident commander | incident lead | security lead | of us | people on it | crisis team | engineer | incident team | squad | task force',
  assign:
    'assign | dedicate | take over | appoint | assemble | form | designate | takes charge | take charge | convene | =on it | start | takes up | take up | begin | begins | starts | investigate | investigating | digging | look into | looks into | respond | working on it | works on it | is on it | picks up | pick it up | =named | is named | on the case | on the job | gets to work | get to work',
  follow_up:
    'work with | assist | follow up with | cooperate | keep updated | post mortem | postmortem | timeline of | keep you posted | provide updates | regular updates | continuing reports | mitigate | root cause | informed until | updates at least | updates until | updates till | updates every | written report | incident report | report including | chronology | lessons learned | closing report | final report | posted until | keep everyone posted | keeps you posted | keep you informed | keep customers informed | stay in touch | informed throughout | updates while | full timeline | progress report | account of what | wrap up | timeline and updates | get the timeline | follow up report | until closure | until it is closed | until the end of the incident',
  automated:
    'automated | automatic | auto scanned | static analysis | sast | dast | linter | semgrep | codeql | code scanning | automatically | =CI | pipeline | scan | robot | robots',
  owasp: 'owasp top 10 | owasp top ten | owasp',
  areas:
    'cover | covered | scope | area | areas covered | include | including | against | go through | look at | look for | probe | test for | concentrate | focus',
  malware:
    'antivirus | anti virus | malicious code | harmful software | virus protection software | anti malware | antimalware | edr | malware protection | endpoint protection | endpoint detection | malware | virus scanner | virus protection | malicious software | viruses | crowdstrike | sentinelone | xdr | virus scan | defender for endpoint | endpoint agent | endpoint security',
  policy_word: 'policy | policies | plan | procedure | programme | program | bcp process | concept',
  pci: 'pci | pci dss | payment processor | payment provider',
  shared:
    'multi tenant | multitenant | shared database | share a database | shared cluster | same database | shared infrastructure | shared pool | live in the same database | share one database | share the same database | same database cluster | shared database cluster | same cluster | one database for all | share database cluster | pooled | multi tenancy | common database | cluster for all | database for all | instance for all',
  dedicated:
    'dedicated database | own database | individual database | single tenant | dedicated instance | dedicated cluster | isolated instance | private instance | separate database | database of your own | database of its own | cluster to themselves | database to themselves | database to itself | cluster of their own | own cluster | database all to yourself | database to yourself | all to itself | to themselves | database for you alone | database instance of their own | instance of its own | instance of their own | schema of its own | dedicated database cluster | single tenant deployment | private database | instance all to | instance reserved | database reserved | own instance | separate instance | own installation | installation of their own | installation for you | instance for you alone | single tenant installation | dedicated one | database all to themselves | cluster all to themselves | database all to itself',
  own_key:
    'customer managed key | byok | bring your own key | cmk | bring their own key | customer managed encryption key | cmek | bring their own encryption key | supply its own encryption key | supply your own | hold your own key | customer supplied key',
  key: 'key | encryption key | master key | cryptographic key | signing key | data key',
  distinct:
    'separate | unique | individual | different | distinct | dedicated | alone | its own | of its own | own | per customer | per tenant | key per | key for each | key for every',
  only_apps:
    'only our application | except our application | only our program | our applications are able | only our applications | no human | no person | only the application | to our applications alone | applications alone | application software | application services only | only application services | only by our application | accessible only to the | only our software | our software alone | only our code | only our own software | nobody on the team | only the software | only our servers | only our service | only the service itself | only the app | only our app',
  authz:
    'authorization service | authorization check | authorized | permission check | access check | authorization layer | authz | authorization | entitlement | may do | allowed to do | rights check | authorized to | access right | allowed to see',
  each_request:
    'every request | each request | incoming request | every call | every api call | =requests | all requests | any request | each api call | each call | any call | all calls | all api calls | every api request | every single request | every single call | every single api call | each and every request',
  rest_api: 'rest api | =restful | openapi | api framework | api documentation | api reference',
  api: 'api | apis | application programming interface',
  process_complete:
    'complete and timely | processed completely | timely processing | processed in time | completely and in time | completely and on time | no job is lost | no job lost | complete, accurate | processed exactly once | nothing is lost | each job | exactly once | no message is lost | nothing gets lost | no record is lost | no event is lost | fully processed | all are processed | processed in full | processed to the end | run to the end | carried to the end',
  update:
    'security update | update | patch | upgrade | security patch | security fix | security release | hot fix | security releases',
  install:
    'install | apply | update | release | rolled out | upgrade | deploy | patch | reach production | roll out',
  audit_trail:
    'audit trail | audit log | log every | =logged | log all | logs all | access log | log of every | recorded in | is recorded | are recorded | logs every | record of every | recorded in an audit | audit record | every access is written | written to a log | leaves a trace | leave a trace | leaves an entry | audit journal | log entry | traceable | logged with | forwarded to | shipped to | streamed to | collected in | sent to our siem | record of who did what | who did what',
  links_word:
    'terms | privacy policy | privacy notice | terms of use | terms of service | terms and conditions | =documentation',
  read_these:
    'read | refer | see | please | visit | for details | more details | details are | details can | details in | details on | said in | more in | found in',
  contact_word:
    'contact | reach | reach out | reach us | write to | email us | questions | report | mailbox | e-mail | security | privacy | privacy@ | findings | mail',
  answer:
    'respond | reply | answer | acknowledge | triage | triaged | first response | get back | hear back | hear from us | confirm receipt | response | acknowledgement',
  purpose:
    'other purpose | any other purpose | advertising | train ai | train models | machine learning | purpose of its own | own purposes | purpose but your own | ai model | =train | =trains | train any | train our | train on',
  loadtest: 'load test | load tested | stress test | stress tested',
  advance: 'advance | prior | before | notice | beforehand | ahead | announce',
  new_one:
    'new | add | adding | additional | further | change | replace | replacement | engagement | addition',
  assess:
    'assess | review | reassess | evaluate | vet | due diligence | check | audit | once over | checked | security check | security review | security assessment | audited | screened | questionnaire',
} as const
