import { describe, expect, it } from 'vitest'
import { countAccounts, readExport, type Account } from './index.ts'

function read(text: string): { source: string; accounts: Account[] } {
  const exported = readExport(text)
  if (!('accounts' in exported)) throw new Error('it is a policy')
  return exported.accounts
}

/** `alice person yes`, `bob service -`: what was read of each, inactive ones in brackets. */
function say(text: string): string[] {
  return read(text).accounts.map(({ account, kind, active, secondFactor }) => {
    const said = `${account} ${kind} ${secondFactor}`
    return active ? said : `(${said})`
  })
}

const refusal = (text: string) => {
  try {
    readExport(text)
  } catch (error) {
    return error as { name: string; message: string; line: number | null; fix: string }
  }
  throw new Error('it was read')
}

const awsHeader =
  'user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated'
const aws = (user: string, password: string, mfa: string, key = 'false') =>
  `${user},arn:aws:iam::123456789012:user/x,2020-01-01T00:00:00+00:00,${password},N/A,N/A,N/A,${mfa},${key},N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A`

describe('an AWS credential report', () => {
  it('counts who has a password, and root, which always has', () => {
    const text = [
      awsHeader,
      aws('<root_account>', 'not_supported', 'true'),
      aws('alice', 'true', 'true', 'true'),
      aws('bob', 'true', 'false'),
      aws('deploy', 'false', 'false', 'true'),
      aws('gone', 'false', 'false'),
      aws('odd', 'no_information', 'N/A'),
    ].join('\n')
    expect(say(text)).toEqual([
      '<root_account> person yes',
      'alice person yes',
      'bob person no',
      'deploy service no',
      '(gone person no)',
      'odd person unknown',
    ])
    expect(read(text).source).toBe('aws-credential-report')
    expect(countAccounts(read(text).accounts)).toEqual({
      accounts: 4,
      without: 1,
      unknown: 1,
      inactive: 1,
      services: 1,
    })
  })
})

describe('other tables', () => {
  it('Google’s: enrolled counts, and enforced does not', () => {
    const header =
      'First Name [Required],Last Name [Required],Email Address [Required],Status [READ ONLY],2sv Enrolled [READ ONLY],2sv Enforced [READ ONLY]'
    const rows = [
      'A,B,a@x.example,Active,True,True',
      'A,B,b@x.example,Active,False,True',
      'A,B,c@x.example,Suspended,False,False',
    ]
    expect(say([header, ...rows].join('\r\n'))).toEqual([
      'a@x.example person yes',
      'b@x.example person no',
      '(c@x.example person no)',
    ])
  })

  it('Slack’s: a bot is no person, and who comes by single sign-on is not known', () => {
    const header =
      'username,email,status,billing-active,has-2fa,has-sso,userid,fullname,displayname,expiration-timestamp'
    const rows = [
      'a,a@x.example,Admin,1,1,0,U1,"A, the first",A,',
      'b,b@x.example,Member,1,0,0,U2,B,B,',
      'c,c@x.example,Member,1,0,1,U3,C,C,',
      'd,d@x.example,Deactivated,0,0,0,U4,D,D,',
      'e,,Bot,0,0,0,U5,E,E,',
    ]
    expect(say([header, ...rows].join('\n'))).toEqual([
      'a@x.example person yes',
      'b@x.example person no',
      'c@x.example person unknown',
      '(d@x.example person no)',
      'e service no',
    ])
  })

  it('GitHub’s, by its column of second factors', () => {
    expect(say('login,name,tfa_enabled\na,A,true\nb,B,\n')).toEqual([
      'a person yes',
      'b person unknown',
    ])
  })

  it('our own, with what it may leave out', () => {
    expect(say('account,second_factor\na,yes\n')).toEqual(['a person yes'])
    expect(
      say('Account;Second_Factor;Active;Kind\na;YES;true;person\nb;;nonsense;Service\nc;no;false;'),
    ).toEqual(['a person yes', 'b service unknown', '(c person no)'])
  })
})

describe('documents', () => {
  it.each([
    [
      'google-directory',
      {
        users: [
          { primaryEmail: 'a@x.example', isEnrolledIn2Sv: true, suspended: false },
          { primaryEmail: 'b@x.example', isEnrolledIn2Sv: false, isEnforcedIn2Sv: true },
          { primaryEmail: 'c@x.example', isEnrolledIn2Sv: false, suspended: true },
          { primaryEmail: 'd@x.example' },
        ],
      },
      [
        'a@x.example person yes',
        'b@x.example person no',
        '(c@x.example person no)',
        'd@x.example person unknown',
      ],
    ],
    [
      'slack-users',
      {
        ok: true,
        members: [
          { id: 'U1', name: 'a', deleted: false, has_2fa: true, is_bot: false },
          { id: 'U2', name: 'b', deleted: false, is_bot: false },
          { id: 'U3', name: 'c', deleted: true },
          { id: 'USLACKBOT', name: 'slackbot', deleted: false, is_bot: false },
        ],
        response_metadata: { next_cursor: '' },
      },
      ['a person yes', 'b person unknown', '(c person unknown)', 'slackbot service unknown'],
    ],
    [
      'heroku-members',
      [
        { email: 'a@x.example', two_factor_authentication: true, federated: false, role: 'admin' },
        { email: 'b@x.example', two_factor_authentication: false, federated: false },
        { email: 'c@x.example', two_factor_authentication: false, federated: true },
      ],
      ['a@x.example person yes', 'b@x.example person no', 'c@x.example person unknown'],
    ],
    [
      'github-graphql',
      [['a', true] as const, ['b', null] as const].map(([login, hasTwoFactorEnabled], i) => ({
        data: {
          organization: {
            membersWithRole: {
              pageInfo: { hasNextPage: i === 0 },
              edges: [{ hasTwoFactorEnabled, node: { login } }],
            },
          },
        },
      })),
      ['a person yes', 'b person unknown'],
    ],
    ['github-members', [{ login: 'a', id: 1, type: 'User' }], ['a person unknown']],
    [
      'github-rest',
      { members: [{ login: 'A' }, { login: 'b' }], two_factor_disabled: [{ login: 'a' }] },
      ['A person no', 'b person yes'],
    ],
    [
      'plain',
      {
        accounts: [
          { account: 'a', second_factor: true },
          { account: 'b', kind: 'service' },
        ],
      },
      ['a person yes', 'b service unknown'],
    ],
  ])('%s', (source, document, said) => {
    expect(say(JSON.stringify(document))).toEqual(said)
    expect(read(JSON.stringify(document)).source).toBe(source)
  })

  it.each([
    [{ users: [{ primaryEmail: 'a' }], nextPageToken: 'x' }, 'one page of a longer list'],
    [
      { members: [{ id: 'U', deleted: false }], response_metadata: { next_cursor: 'x' } },
      'one page of a longer list',
    ],
    [{ members: [], two_factor_disabled: [{ login: 'x' }] }, 'of different times'],
    [{ members: [{}], two_factor_disabled: [] }, 'entry 1 has no login'],
    [[{ account: 'a' }, { name: 'b' }], 'entry 2 is none of plain'],
    [[{ name: 'a', mfa: true }], 'these fields: "name", "mfa"'],
    [[], 'which proves nothing'],
    [{ accounts: [] }, 'these fields: "accounts"'],
    [[1, 2], 'this form'],
  ])('refuses %j', (document, why) => {
    expect(refusal(JSON.stringify(document)).message).toContain(why)
  })

  it('refuses a file that was cut off', () => {
    expect(refusal('[{"account": "a"').message).toContain('cut off')
  })
})

describe('what people make of files', () => {
  const plain = 'account,second_factor\n'

  it.each([
    ['a mark of byte order, and lines of Windows', '\uFEFFaccount,second_factor\r\na,yes\r\n'],
    ['quotes', '"account","second_factor"\n"a","yes"\n'],
    ['semicolons', 'account;second_factor\na;yes\n'],
    ['tabs', 'account\tsecond_factor\na\tyes\n'],
    ['capitals and spaces', ' Account , SECOND_FACTOR \n a , Yes \n'],
    ['empty lines', '\naccount,second_factor\n\na,yes\n\n'],
    ['the same twice', `${plain}a,yes\nA,yes\n`],
  ])('reads %s', (_, text) => {
    expect(say(text)).toEqual(['a person yes'])
  })

  it('takes a formula for the text it is', () => {
    expect(say(`${plain}"=HYPERLINK(""http://x"")",=TRUE()\n`)).toEqual([
      '=HYPERLINK("http://x") person unknown',
    ])
  })

  it.each([
    [`${plain}a,yes\nA,no\n`, '"A" stands there twice, and not alike: line 2 and line 3', 3],
    [plain, 'it lists no account, which proves nothing', null],
    ['', 'it is empty', null],
    [`${plain},yes\n`, 'an account has no name', 2],
    [`${plain}a\u0000b,yes\n`, 'holds what is no text', 2],
    [`${plain}${'x'.repeat(321)},yes\n`, 'more than 320 characters', 2],
    ['account,second_factor,second_factor\na,yes,no\n', '"second_factor" stands there twice', 1],
    ['name,mfa\na,yes\n', 'has these columns: "name", "mfa"', 1],
  ])('%#: refused with its line', (text, why, line) => {
    expect(refusal(text)).toMatchObject({ name: 'ListError', line })
    expect(refusal(text).message).toContain(why)
  })

  it('reads 100,000 rows, and no more', () => {
    const rows = Array.from({ length: 100_000 }, (_, i) => aws(`user${i}`, 'true', 'true'))
    expect(read([awsHeader, ...rows].join('\n')).accounts).toHaveLength(100_000)
    const more = [awsHeader, ...rows, aws('last', 'true', 'true')].join('\n')
    expect(refusal(more).message).toContain('more than 100000 accounts')
  })
})

describe('a policy of passwords', () => {
  const okta = (minLength: number, status = 'ACTIVE') => ({
    type: 'PASSWORD',
    status,
    settings: { password: { complexity: { minLength } } },
  })

  it.each([
    [{ PasswordPolicy: { MinimumPasswordLength: 14, RequireSymbols: true } }, 14, false],
    [[okta(16), okta(12), okta(4, 'INACTIVE')], 12, false],
    [{ minimumLength: 14 }, 14, false],
    [{ singleSignOnOnly: true }, 0, true],
  ])('%j', (document, minimumLength, singleSignOnOnly) => {
    expect(readExport(JSON.stringify(document))).toMatchObject({
      policy: { minimumLength, singleSignOnOnly },
    })
  })

  it.each([
    [{ PasswordPolicy: {} }, 'names no least length'],
    [{ minimumLength: '14' }, 'names no least length'],
    [{ singleSignOnOnly: false }, 'names no least length'],
    [{ minimumLength: 14, singleSignOnOnly: 'yes' }, 'neither true nor false'],
    [[okta(12, 'INACTIVE')], 'none of these policies is active'],
  ])('refuses %j', (document, why) => {
    expect(refusal(JSON.stringify(document)).message).toContain(why)
  })
})
