/** A provider and the names under which it serves what its customers run. */
export interface ProviderNames {
  /** As systems.yaml may call it. */
  ids: readonly string[]
  /** Domains in which only the provider hands out names. */
  domains: readonly string[]
  /** It passes requests on to servers that nobody sees from outside. */
  isFront?: true
}

export const providerNames: readonly ProviderNames[] = [
  { ids: ['heroku'], domains: ['herokudns.com', 'herokuapp.com', 'herokuspace.com'] },
  {
    ids: ['aws', 'amazon', 'amazon-web-services'],
    domains: [
      'amazonaws.com', 'amazonaws.com.cn', 'awsglobalaccelerator.com', 'awsapprunner.com', 'elasticbeanstalk.com',
    ],
  },
  {
    ids: ['gcp', 'google', 'google-cloud'],
    domains: ['googleusercontent.com', 'googlehosted.com', 'run.app', 'appspot.com', 'cloudfunctions.net'],
  },
  {
    ids: ['azure', 'microsoft', 'microsoft-azure'],
    domains: ['azurewebsites.net', 'cloudapp.azure.com', 'cloudapp.net', 'azurecontainerapps.io', 'core.windows.net'],
  },
  { ids: ['digitalocean', 'digital-ocean'], domains: ['ondigitalocean.app', 'digitaloceanspaces.com'] },
  { ids: ['fly', 'fly-io'], domains: ['fly.dev'] },
  { ids: ['render'], domains: ['onrender.com'] },
  { ids: ['vercel'], domains: ['vercel.app', 'vercel-dns.com'] },
  { ids: ['netlify'], domains: ['netlify.app', 'netlify.com'] },
  { ids: ['hetzner'], domains: ['your-server.de', 'your-objectstorage.com'] },
  { ids: ['scaleway'], domains: ['scw.cloud'] },
  { ids: ['ovh', 'ovhcloud'], domains: ['ovh.net', 'hosting.ovh.net'] },
  { ids: ['github'], domains: ['github.io'] },
  { ids: ['cloudflare'], domains: ['cdn.cloudflare.net', 'pages.dev', 'workers.dev'], isFront: true },
  { ids: ['cloudfront'], domains: ['cloudfront.net'], isFront: true },
  { ids: ['fastly'], domains: ['fastly.net', 'fastlylb.net'], isFront: true },
  { ids: ['akamai'], domains: ['edgekey.net', 'edgesuite.net', 'akamaiedge.net', 'akamai.net'], isFront: true },
  { ids: ['azure-front-door'], domains: ['azurefd.net', 'azureedge.net', 'trafficmanager.net'], isFront: true },
] // prettier-ignore

/** Whose name it is, or null when it is nobody's that is known here. */
export function ownerOf(name: string): ProviderNames | null {
  const isIn = (domain: string) => name === domain || name.endsWith(`.${domain}`)
  return providerNames.find(({ domains }) => domains.some(isIn)) ?? null
}

/** The provider that systems.yaml means by an id. */
export function findProvider(id: string): ProviderNames | null {
  const wanted = id.toLowerCase().replaceAll(/[._ ]/g, '-')
  return providerNames.find(({ ids }) => ids.includes(wanted)) ?? null
}
