/** Roles belong to the cluster that test files share: each worker has its own. */
const mine = process.env['VITEST_POOL_ID'] ?? '0'

/** The role of the app. */
export const web = `protect_web_${mine}`
export const staff = `protect_staff_${mine}`
export const owner = `protect_owner_${mine}`

export const noRoles = `drop role if exists ${[web, staff, owner].join(', ')}`
