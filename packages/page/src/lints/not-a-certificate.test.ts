import { describe, expect, it } from 'vitest'
import { underlined } from '../../test/objections.ts'

const found = (page: string) => underlined(page, 'not-a-certificate')

describe('laws and bodies shown as certificates', () => {
  it.each([
    ['We are GDPR certified.', 'GDPR certified'],
    ['Our HIPAA certification covers all products.', 'HIPAA certification'],
    ['The platform is certified for HIPAA.', 'certified for HIPAA'],
    ['We are NIST CSF certified.', 'NIST CSF certified'],
    ['We hold certifications such as ISO 27001, SOC 2 and GDPR.', 'GDPR'],
    ['Our certifications: SOC 2, CCPA.', 'CCPA'],
    ['Its operations are accredited under ISO 27001, SOC 2 and FISMA Moderate.', 'FISMA Moderate'],
  ])('%s', (sentence, words) => {
    expect(found(sentence)).toEqual([`1: ${words}`])
  })

  it.each([
    ['The company is accredited under GLBA, ISO 27001 and FERPA.', ['accredited under GLBA', 'FERPA']],
    ['We hold certifications such as SOC 2, CCPA, GDPR and HIPAA.', ['CCPA', 'GDPR', 'HIPAA']],
    ['We are HIPAA, CCPA and GDPR certified.', ['HIPAA', 'CCPA', 'GDPR certified']],
    ['We are certified for HIPAA and comply with GDPR.', ['certified for HIPAA']],
    ['We are certified for HIPAA, and GDPR governs how we treat your data.', ['certified for HIPAA']],
    ['Our HIPAA certification, reviewed under GDPR, covers all.', ['HIPAA certification']],
  ])('names each of a list: %s', (sentence, words) => {
    expect(found(sentence)).toEqual(words.map((one) => `1: ${one}`))
  }) // prettier-ignore

  it('is found in a list of certificates', () => {
    const page = 'We hold these certifications:\n\n- ISO 27001:2022\n- HIPAA\n- Sarbanes-Oxley (SOX)'
    expect(found(page)).toEqual(['4: HIPAA', '5: Sarbanes-Oxley (SOX)'])
  }) // prettier-ignore

  it.each([
    'We comply with GDPR and HIPAA.',
    'There is no GDPR certification.',
    'We are certified to ISO 27001 and comply with GDPR.',
    'We hold an ISO 27001 certificate, and we comply with GDPR.',
    'We comply with these laws and certifications:\n\n- ISO 27001\n- GDPR',
    'Our AICPA SOC 2 report is available.',
    'Our modules hold NIST FIPS 140-3 certificates.',
    'Our HITRUST certification covers HIPAA.',
    'We are certified under the EU-US Data Privacy Framework.',
    'Are you GDPR certified?',
    'Our programme meets these requirements:\n\n- GDPR\n- HIPAA',
  ])('lets pass: %s', (page) => {
    expect(found(page)).toEqual([])
  })
})

describe('a report shown as a certificate', () => {
  it.each([
    ['Northwind is SOC 2 certified.', 'SOC 2 certified'],
    ['We are ISO 27001 and SOC 2 certified.', 'SOC 2 certified'],
    ['We are certified for SOC 2.', 'certified for SOC 2'],
    ['Our SOC2 certification covers all products.', 'SOC2 certification'],
  ])('%s', (sentence, words) => {
    expect(found(sentence)).toEqual([`1: ${words}`])
  })

  it.each([
    'We are SOC 2 Type II certified.',
    'We are SOC 2 certified.\n\nOur SOC 2 report (Type 2) covers January to June 2026.',
    'We have a SOC 2 report.',
    'We are not SOC 2 certified.',
    'AWS is SOC 2 certified.',
    'Our hosting provider is SOC 2 certified.',
    'The data centers are SOC 2 certified.',
    'Are you SOC 2 certified?',
  ])('lets pass: %s', (page) => {
    expect(found(page)).toEqual([])
  })
})

describe('certificates of whoever runs the data center', () => {
  const hosted = '\n\nOur application runs on AWS.'

  it.each([
    ['Our data centers are ISO 27001 certified.', 'data centers are ISO 27001 certified'],
    ['Your data is hosted in facilities that are SOC 2 compliant.', 'facilities that are SOC 2 compliant'],
  ])('%s', (sentence, words) => {
    expect(found(sentence + hosted)).toEqual([`1: ${words}`])
    expect(found(sentence)).toEqual([])
  }) // prettier-ignore

  it.each([
    'The data centers of AWS are ISO 27001 certified.',
    'Our hosting provider’s data centers are ISO 27001 certified.',
    'We are ISO 27001 certified.',
    'Our test environment is separate from production and compliant staff only have access.',
  ])('lets pass: %s', (sentence) => {
    expect(found(sentence + hosted)).toEqual([])
  })
})

describe('certificates of a provider, shown as the company’s own', () => {
  it.each([
    ['Through Azure, Acme is SOC 2 and ISO 27001 certified.', 'certified'],
    ['Acme, hosted on AWS, is ISO 27001 certified.', 'certified'],
    [
      'By hosting with Hetzner, our product is ISO 27001 compliant.',
      'hosting with Hetzner, our product is ISO 27001 compliant',
    ],
  ])('%s', (sentence, words) => {
    expect(found(sentence)).toEqual([`1: ${words}`])
  })

  it.each([
    'Azure is ISO 27001 certified.',
    'We use AWS, which is ISO 27001 certified.',
    'We are ISO 27001 certified.',
    'By using Stripe, a PCI DSS compliant provider, we never see card numbers.',
    'Through AWS, Acme is not ISO 27001 certified.',
    'Thanks to our people, Acme is ISO 27001 certified.',
  ])('lets pass: %s', (sentence) => {
    expect(found(sentence)).toEqual([])
  })
})
