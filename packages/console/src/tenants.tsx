import { useRead } from './api.ts'
import { Field } from './parts.tsx'

/** Asks for a tenant by its id, and offers those that were placed, as far as a list is of help. */
export function TenantField({ says, defaultValue }: { says?: string; defaultValue?: string }) {
  const tenants = useRead('/api/tenants', { params: { query: { limit: 1000 } } })
  return (
    <>
      <Field
        label="Tenant"
        name="tenant"
        required
        maxLength={200}
        autoComplete="off"
        list="tenants"
        says={says}
        defaultValue={defaultValue}
      />
      <datalist id="tenants">
        {tenants.data?.tenants
          .filter(({ canary }) => !canary)
          .map(({ tenant }) => (
            <option key={tenant} value={tenant} />
          ))}
      </datalist>
    </>
  )
}
