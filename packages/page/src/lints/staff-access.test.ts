import { describe, expect, it } from 'vitest'
import { objections, underlined } from '../../test/objections.ts'

const found = (...paragraphs: string[]) => underlined(paragraphs.join('\n\n'), 'contradiction')

describe('nobody has access, and some have', () => {
  it.each([
    ['Nobody at Acme can see your salary data.', 'Our support team can view salary data.'],
    ['No one at Acme has access to your data.', 'Four engineers hold production access.'],
    ['No one at Acme can read your data.', 'Only three engineers have access to the production databases.'],
    ['None of our employees can access customer data.', 'Access to production data is restricted to senior engineers.'],
    ['Our staff cannot view your information.', 'Database credentials are limited to the CTO and the operations team.'],
    ['Neither our engineers nor our support staff can see your data.', 'Our support team can view customer data.'],
    ['No employee has access to your content.', 'Except for four administrators, nobody has access to production.'],
    ['We have no access to your data.', 'A small group of employees has access to customer data.'],
    ['Nobody can see your data except our software.', 'Two people have access to the live database.'],
    ['Nobody at our company can open your files.', 'Two of our operations engineers can sign in to production servers.'],
    ['Our employees have no access to customer data.', 'On-call engineers may query the live database.'],
    ['No member of our staff can see your documents.', 'Our support staff are able to open your account.'],
    ['No employee can access production.', 'Our on-call engineers log in to production to debug.'],
    ['Nobody can read your data.', 'Our engineers query the production database to debug.'],
    ['None of our engineers can read customer data.', 'Three database administrators can connect to production databases.'],
  ])('%s %s', (absolute, grant) => {
    expect(found(absolute, grant).map((words) => words[0])).toEqual(['1', '3'])
    expect(found(grant, absolute).map((words) => words[0])).toEqual(['1', '3'])
  }) // prettier-ignore

  it('names the other line on each side', () => {
    const [first, second] = objections('No one here can read your data.\n\nTwo engineers have access to production.')
    expect(first!.message).toContain('Line 3 gives people access')
    expect(second!.message).toContain('Line 1 says that nobody')
  }) // prettier-ignore

  it.each([
    ['No one has standing access to your data.', 'Two engineers have access to production.'],
    ['No one can read your data without your consent.', 'Two engineers have access to production.'],
    ['No one outside the operations team can read your data.', 'Two engineers have access to production.'],
    ['No employee can see your password data.', 'Two engineers have access to production.'],
    ['Your password is hashed, so nobody can see it.', 'Two engineers have access to production.'],
    ['No one at Acme can read your data.', 'Two engineers have access to the office.'],
    ['No one at Acme can read your data.', 'Two engineers have access to production for an hour after approval.'],
    ['No one at Acme can read your data.', 'Our support team can view customer data with your permission.'],
    ['No one at Acme can read your data: it is end-to-end encrypted.', 'Two engineers have access to production.'],
    ['No one at Acme can read your data.', 'Our support team may view your workspace if you invite them.'],
    ['No one at Acme can read your data.', 'Our engineers can view the production dashboards.'],
    ['No one at Acme can read your data.', 'Your team members can view your workspace.'],
    ['No one at Acme can read your data.', 'Two of your colleagues can sign in to your account.'],
    ['No one at Acme can read your data.', 'Our engineers cannot log in to the production database.'],
    ['No employee can access production metrics.', 'Our engineers log in to production.'],
    ['No one at Acme can read your data.', 'Our engineers log in to the dashboard.'],
    ['No one at Acme can read your data.', 'Our engineers query the staging database.'],
    ['No one at Acme can read your data.', 'Your engineers query the database of their workspace.'],
    ['No one at Acme can read your data.', 'Our support team can see the status of our servers.'],
    ['No one at Acme can read your data.', 'Our engineers may look into your account after your approval.'],
    ['No other customer can access your data.', 'Two engineers have access to production.'],
    ['Can your staff not view our data?', 'Two engineers have access to production.'],
    ['No one at Acme can read your data.', 'Two-factor authentication is required.'],
  ])('lets pass: %s %s', (one, other) => {
    expect(found(one, other)).toEqual([])
  }) // prettier-ignore
})
