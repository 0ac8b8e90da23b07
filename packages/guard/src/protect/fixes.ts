/** What to do about what the readers of the catalog find, by their words. */
const fixes: readonly (readonly [RegExp, string])[] = [
  [/row security|no policy names/, 'kept protect --apply, or run its migration'],
  [/^there is none, and sealed|as the seal needs it/, 'kept protect --apply, or run its migration'],
  [
    /another in its place|another role than the keys/,
    'let all of the schema kept belong to kept_guard, whom no app may become, and nobody else create there',
  ],
  [/reads or writes a key/, 'take it from the app, and change the keys: addKey and removeKey'],
  [/temporary tables/, 'revoke temporary, as the migration does'],
  [/^its policy/, 'drop it or narrow it; kept protect writes one that holds whatever others say'],
  [/security_invoker/, 'alter view ... set (security_invoker = true), as the migration does'],
  [/materialized/, 'take the right on it from the app: in the plan, under revoke'],
  [
    /this function acts/,
    'make it SECURITY INVOKER, give it an owner whom policies bind, or take it from the app: in the plan, under revoke',
  ],
  [/this rule acts/, 'drop the rule, or give its table an owner whom policies bind'],
  [/may create in it/, 'revoke create, as the migration does'],
  [/belongs to the app/, 'alter ... owner to a role that the app cannot become'],
  [/truncate/, 'revoke truncate, as the migration does'],
  [/whom no policy binds/, 'take these from the role, or let the app log in as another'],
  [/points at/, 'kept protect gives it the tenant; or say in the plan what it is'],
  [/collation/, 'give the column a deterministic collation'],
]

export function fixFor(why: string): string {
  return fixes.find(([form]) => form.test(why))?.[1] ?? 'take it from the app'
}
