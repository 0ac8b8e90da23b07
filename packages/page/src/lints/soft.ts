/**
 * How pages assure without promising: every term of a row must be there. A sentence that a proof can
 * keep is never soft, whatever its adjectives.
 */
export const softWords: readonly string[] = [
  '"best practice"|"best practices"|"industry standard"|"industry leading"|"state of the art"|"bank grade"|"military grade"|"enterprise grade"|"world class"|"best in class"|"cutting edge"|"latest technology"|"latest standard"|"latest standards"',
  '"worry free"|"without worry"|"without worries"|"peace of mind"|"rest assured"|"sleep well"|"need not worry"|"in good hands"|"in safe hands"',
  '"security in mind"|"secure by design"|"security by design"|"built into the fabric"|"heart of everything"|"fabric of our"|"designed for security"|"security comes first"|"security first"|"fabric"',
  '"take security"|"take the security"|"takes security" "seriously"|"serious"',
  '"top priority"|"highest priority"|"utmost importance"|"most important thing"|"very important"|"our priority"|"nothing is more important"|"more important than"|"first priority"',
  '"protect"|"safeguard"|"safe and secure"|"keep safe"|"safeguarded"|"secure" data|customer_data "we"|"our"|"committed"',
  '"keep"|"hold"|"stay" data|customer_data|"information" "safe"|"secure"|"protected"|"safely"|"securely"',
  '"security"|"privacy" "at the core"|"core of"|"foundation of"|"cornerstone"|"pillar"|"passion"|"passionate"|"dna"',
  '"ensure"|"guarantee"|"maintain"|"commitment"|"committed"|"dedicated" "security"|"safety"|"confidentiality"|"trust"|"stable platform"|"stability"',
  '"prevent"|"against" "unauthorized access"|"unauthorised access"',
  '"scale"|"scaling"|"scales"|"scalable" "any number"|"unlimited"|"any load"|"any amount"|"infinite"|"whatever"|"any scale"',
  '"restore"|"restoring"|"recover"|"resume" "quickly"|"rapidly"|"as soon as possible"|"promptly"|"swiftly"',
  '"fixed"|"fix"|"resolve"|"address"|"remediate" "immediately"|"quickly"|"as soon as possible"|"promptly"|"swiftly"|"without delay"',
  '"highly secure"|"highly secured"|"robust security"|"strong security"|"strongest"|"highest level"|"highest standard"|"highest standards"|"modern tool"|"modern tools"|"advanced security"|"multiple layers"|"rigorous"',
  'data|customer_data|"information"|"secrets" "safe with us"|"secure with us"|"safe here"|"safe in our hands"|"safe and sound"|"well protected"|"well guarded"',
  '"with us you are secure"|"you are secure"|"you\'re secure"|"completely secure"|"100% secure"|"always secure"',
]

/** A measurable sentence for what a soft one is about; the first row that fits proposes its own. */
export const rewrites: readonly { words: string; rewrite: string }[] = [
  {
    words: '"scale"|"scaling"|"scales"|"scalable"|"load"',
    rewrite:
      '[We are load-tested at 2000 requests a second every quarter](kept:load.tested?rate=2000&every=1q)',
  },
  {
    words: '"restore"|"restoring"|"recover"|"resume"|"disruption"|"stable platform"',
    rewrite:
      '[After a disaster we are back within 4 hours and lose at most 24 hours of work](kept:recovery?rto=4h&rpo=24h)',
  },
  {
    words: '"fixed"|"fix"|"resolve"|"remediate"|vulnerability',
    rewrite:
      '[We fix critical weaknesses within 4 hours and high ones within 48 hours](kept:findings.fixed?critical=4h&high=48h)',
  },
  {
    words: 'encrypt',
    rewrite: '[All data is encrypted at rest with AES-256](kept:encryption.at-rest?with=aes-256)',
  },
  {
    words: '"unauthorized access"|"unauthorised access"|access',
    rewrite: '[Nobody here has standing access to your data](kept:access.need-to-know)',
  },
  {
    words: '"standard"|"standards"|"compliance"|"certification"',
    rewrite:
      '[We hold an ISO/IEC 27001:2022 certificate](kept:certificate?standard=iso-27001&edition=2022)',
  },
  {
    words:
      '"design"|"designed"|"build"|"built"|"develop"|"application"|"product"|"engineer"|"tool"|"code"',
    rewrite: '[Every change is reviewed by at least two engineers](kept:changes.reviewed?min=2)',
  },
  {
    words: 'data|customer|"security"|"secure"|"safe"',
    rewrite: '[No customer can read or change the data of another](kept:tenancy.isolated)',
  },
]
