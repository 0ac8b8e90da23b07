import { kept, useChange, useRead, type Settings } from '../api.ts'
import { Area, Check, Loaded, Page, Problem } from '../parts.tsx'

/** What a tenant asks of its users; by which providers they come is on the page of ways to sign in. */
export default function PortalSettings() {
  const settings = useRead('/api/settings')
  return (
    <Page
      title="Settings"
      lede="What your company asks of its people before they come in here. It holds for every way in, keys too."
    >
      <Loaded of={settings}>{(now) => <Rules now={now} />}</Loaded>
    </Page>
  )
}

type Asked = Omit<Settings, 'offersAddresses'>

function Rules({ now }: { now: Settings }) {
  const set = useChange((body: Asked) => kept.put('/api/settings', { body }), ['/api/settings'])
  const submit = (event: React.FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const fields = new FormData(event.currentTarget)
    const said = (fields.get('addresses') ?? '') as string
    const networks = said.split(/[\s,]+/).filter(Boolean)
    set.mutate({
      secondFactor: fields.has('secondFactor'),
      providerOnly: fields.has('providerOnly'),
      addresses: networks.length === 0 ? null : networks,
    })
  }
  return (
    <form onSubmit={submit}>
      <Check
        label="A second factor from everybody"
        name="secondFactor"
        defaultChecked={now.secondFactor}
        says="Whoever has none sets one up at the next sign-in. You must have proved one yourself."
      />
      <Check
        label="Only by your own provider"
        name="providerOnly"
        defaultChecked={now.providerOnly}
        says="Passwords then let nobody in but owners, with a second factor, should the provider be away. Connect the provider first."
      />
      {(now.offersAddresses || now.addresses !== null) && (
        <Area
          label="Networks"
          name="addresses"
          rows={4}
          defaultValue={(now.addresses ?? []).join('\n')}
          placeholder={'198.51.100.0/24\n2001:db8::/32'}
          says={
            now.offersAddresses
              ? 'From which your people may come, one to a line; leave it empty for any. Yours must be among them.'
              : 'Such lists are offered no more. This one still holds; leave it empty to set anything else.'
          }
        />
      )}
      <Problem of={set.error} />
      {set.isSuccess && <p role="status">It holds from now on.</p>}
      <p className="acts">
        <button type="submit" disabled={set.isPending}>
          Set it
        </button>
      </p>
    </form>
  )
}
