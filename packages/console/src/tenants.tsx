import { useRead } from './api.ts'

/** What a field offers: the tenants that were placed, as far as a list is of help. */
export function Tenants({ id }: { id: string }) {
  const tenants = useRead('/api/tenants', { params: { query: { limit: 1000 } } })
  return (
    <datalist id={id}>
      {tenants.data?.tenants
        .filter(({ canary }) => !canary)
        .map(({ tenant }) => (
          <option key={tenant} value={tenant} />
        ))}
    </datalist>
  )
}
