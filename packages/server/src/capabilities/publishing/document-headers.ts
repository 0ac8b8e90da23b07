import { createHash } from 'node:crypto'
import { badgeStyle } from './badge.ts'
import { stylesheet } from './stylesheet.ts'

function hashOf(style: string): string {
  return `'sha256-${createHash('sha256').update(style).digest('base64')}'`
}

const always = {
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'permissions-policy':
    'accelerometer=(), browsing-topics=(), camera=(), display-capture=(), fullscreen=(), geolocation=(), gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()',
  'cross-origin-opener-policy': 'same-origin',
}

/**
 * Of every HTML document. Nothing loads from elsewhere; the one inline stylesheet is named by its
 * hash (CSP 3, section 2.3.1), so that no markup could bring its own.
 */
export const documentHeaders: Readonly<Record<string, string>> = {
  ...always,
  'content-security-policy': [
    "default-src 'none'",
    `style-src ${hashOf(stylesheet)}`,
    "script-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; '),
  'cross-origin-resource-policy': 'same-origin',
}

/** Of feeds, proofs and plain texts, which other sites and programs may read: they are public. */
export const feedHeaders: Readonly<Record<string, string>> = {
  ...always,
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'cross-origin',
  'access-control-allow-origin': '*',
}

/** Of the badge, which is made to stand on other pages. */
export const badgeHeaders: Readonly<Record<string, string>> = {
  ...feedHeaders,
  'content-security-policy': `default-src 'none'; style-src ${hashOf(badgeStyle)}; frame-ancestors 'none'`,
}

/** Of the script that verifies. */
export const scriptHeaders: Readonly<Record<string, string>> = {
  ...always,
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
}
