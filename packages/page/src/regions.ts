import { countries } from './countries.ts'

/**
 * Where provider regions lie: code, place, country, continent. Codes as the providers publish them
 * (AWS, Google Cloud, Azure, Heroku, DigitalOcean, Hetzner). `us-east` and the like are the providers' own short names.
 */
const rows = `
us-east-1|virginia|us|north-america
us-east-2|ohio|us|north-america
us-west-1|california|us|north-america
us-west-2|oregon|us|north-america
us-gov-east-1|us-gov|us|north-america
us-gov-west-1|us-gov|us|north-america
us-east1|south-carolina|us|north-america
us-east4|virginia|us|north-america
us-east5|ohio|us|north-america
us-central1|iowa|us|north-america
us-south1|texas|us|north-america
us-west1|oregon|us|north-america
us-west2|california|us|north-america
us-west3|utah|us|north-america
us-west4|nevada|us|north-america
eastus|virginia|us|north-america
eastus2|virginia|us|north-america
centralus|iowa|us|north-america
northcentralus|illinois|us|north-america
southcentralus|texas|us|north-america
westus|california|us|north-america
westus2|washington|us|north-america
westus3|arizona|us|north-america
us|us|us|north-america
virginia|virginia|us|north-america
oregon|oregon|us|north-america
mx-central-1|queretaro|mexico|north-america
northamerica-south1|queretaro|mexico|north-america
mexicocentral|queretaro|mexico|north-america
ca-central-1|montreal|canada|north-america
ca-west-1|calgary|canada|north-america
northamerica-northeast1|montreal|canada|north-america
northamerica-northeast2|toronto|canada|north-america
canadacentral|toronto|canada|north-america
canadaeast|quebec|canada|north-america
eu-west-1|dublin|ireland|europe
eu-west-2|london|uk|europe
eu-west-3|paris|france|europe
eu-central-1|frankfurt|germany|europe
eu-central-2|zurich|switzerland|europe
eu-north-1|stockholm|sweden|europe
eu-south-1|milan|italy|europe
eu-south-2|aragon|spain|europe
europe-west1|belgium|belgium|europe
europe-west2|london|uk|europe
europe-west3|frankfurt|germany|europe
europe-west4|eemshaven|netherlands|europe
europe-west6|zurich|switzerland|europe
europe-west8|milan|italy|europe
europe-west9|paris|france|europe
europe-west10|berlin|germany|europe
europe-west12|turin|italy|europe
europe-central2|warsaw|poland|europe
europe-north1|hamina|finland|europe
europe-southwest1|madrid|spain|europe
europe-north2|stockholm|sweden|europe
northeurope|dublin|ireland|europe
westeurope|amsterdam|netherlands|europe
uksouth|london|uk|europe
ukwest|cardiff|uk|europe
francecentral|paris|france|europe
germanywestcentral|frankfurt|germany|europe
norwayeast|oslo|norway|europe
swedencentral|gavle|sweden|europe
switzerlandnorth|zurich|switzerland|europe
polandcentral|warsaw|poland|europe
italynorth|milan|italy|europe
austriaeast|vienna|austria|europe
denmarkeast|copenhagen|denmark|europe
belgiumcentral|brussels|belgium|europe
spaincentral|madrid|spain|europe
eu|eu|eu|europe
dublin|dublin|ireland|europe
london|london|uk|europe
frankfurt|frankfurt|germany|europe
nbg1|nuremberg|germany|europe
fsn1|falkenstein|germany|europe
hel1|helsinki|finland|europe
ap-south-1|mumbai|india|asia
ap-south-2|hyderabad|india|asia
asia-south1|mumbai|india|asia
asia-south2|delhi|india|asia
centralindia|pune|india|asia
southindia|chennai|india|asia
westindia|mumbai|india|asia
ap-southeast-1|singapore|singapore|asia
asia-southeast1|singapore|singapore|asia
southeastasia|singapore|singapore|asia
ap-southeast-3|jakarta|indonesia|asia
asia-southeast2|jakarta|indonesia|asia
ap-southeast-5|kuala-lumpur|malaysia|asia
malaysiawest|kuala-lumpur|malaysia|asia
ap-southeast-7|bangkok|thailand|asia
ap-east-2|taipei|taiwan|asia
ap-northeast-1|tokyo|japan|asia
ap-northeast-3|osaka|japan|asia
asia-northeast1|tokyo|japan|asia
asia-northeast2|osaka|japan|asia
japaneast|tokyo|japan|asia
japanwest|osaka|japan|asia
tokyo|tokyo|japan|asia
ap-northeast-2|seoul|south-korea|asia
asia-northeast3|seoul|south-korea|asia
koreacentral|seoul|south-korea|asia
ap-east-1|hong-kong|hong-kong|asia
asia-east1|taiwan|taiwan|asia
asia-east2|hong-kong|hong-kong|asia
eastasia|hong-kong|hong-kong|asia
ap-southeast-2|sydney|australia|oceania
ap-southeast-4|melbourne|australia|oceania
australia-southeast1|sydney|australia|oceania
australia-southeast2|melbourne|australia|oceania
australiaeast|sydney|australia|oceania
australiasoutheast|melbourne|australia|oceania
ap-southeast-6|auckland|new-zealand|oceania
newzealandnorth|auckland|new-zealand|oceania
sydney|sydney|australia|oceania
sa-east-1|sao-paulo|brazil|south-america
southamerica-east1|sao-paulo|brazil|south-america
brazilsouth|sao-paulo|brazil|south-america
southamerica-west1|santiago|chile|south-america
chilecentral|santiago|chile|south-america
af-south-1|cape-town|south-africa|africa
africa-south1|johannesburg|south-africa|africa
southafricanorth|johannesburg|south-africa|africa
me-south-1|bahrain|bahrain|middle-east
me-central-1|dubai|uae|middle-east
uaenorth|dubai|uae|middle-east
me-central1|doha|qatar|middle-east
qatarcentral|doha|qatar|middle-east
me-central2|dammam|saudi-arabia|middle-east
il-central-1|tel-aviv|israel|middle-east
me-west1|tel-aviv|israel|middle-east
nyc1|new-york|us|north-america
nyc2|new-york|us|north-america
nyc3|new-york|us|north-america
sfo2|san-francisco|us|north-america
sfo3|san-francisco|us|north-america
tor1|toronto|canada|north-america
ams2|amsterdam|netherlands|europe
ams3|amsterdam|netherlands|europe
lon1|london|uk|europe
fra1|frankfurt|germany|europe
sgp1|singapore|singapore|asia
blr1|bangalore|india|asia
syd1|sydney|australia|oceania
ash|ashburn|us|north-america
hil|hillsboro|us|north-america
`

interface Region {
  place: string
  country: string
  continent: string
}

const regions = new Map<string, Region>([
  // A country is a region too, of whoever says no more of where a system stands.
  ...countries.map(
    ({ area, continent }) => [area, { place: area, country: area, continent }] as const,
  ),
  ...rows
    .trim()
    .split('\n')
    .map((row) => {
      const [code, place, country, continent] = row.split('|')
      return [code!, { place: place!, country: country!, continent: continent! }] as const
    }),
])

const membersOf = (union: 'eu' | 'eea') =>
  countries.filter((country) => country.union === union).map(({ area }) => area)
const unionMembers: ReadonlySet<string> = new Set(['eu', ...membersOf('eu')])
const othersOfTheArea: ReadonlySet<string> = new Set(membersOf('eea'))

/** Every word that names an area: places, countries, continents, `eu` and `eea`. */
export const areas: ReadonlySet<string> = new Set([
  ...[...regions.values()].flatMap(({ place, country, continent }) => [place, country, continent]),
  'eu',
  'eea',
])

/** Every provider region code known, and every country. */
export const regionCodes: ReadonlySet<string> = new Set(regions.keys())

/** Whether it is known where a provider's region lies. */
export function isKnownRegion(code: string): boolean {
  return regions.has(regionOf(code))
}

/** Whether a word is an area: a place, country or continent, a region code, or the beginning of codes. */
export function isArea(word: string): boolean {
  const wanted = word.toLowerCase()
  return areas.has(wanted) || [...regionCodes].some((code) => liesIn(code, wanted))
}

/**
 * Whether it is known of regions that they lie in one of the areas, or that they do not. One region that
 * is known to lie elsewhere is enough; of others nobody knows unless all are known.
 */
export function arePlaced(codes: readonly string[], wanted: readonly string[]): boolean {
  const isIn = (code: string) => wanted.some((area) => liesIn(code, area))
  return (
    codes.every((code) => isIn(code) || isKnownRegion(code)) ||
    codes.some((code) => !isIn(code) && isKnownRegion(code))
  )
}

/** An availability zone lies in its region: `eu-central-1a` in `eu-central-1`. */
function regionOf(code: string): string {
  const region = code.trim().toLowerCase()
  return regions.has(region) ? region : region.replace(/(?<=\d)-?[a-f]$/, '')
}

/**
 * Whether a provider's region lies in an area. An area is a place, a country, a continent, `eu`, a
 * region code, or the beginning of codes (`us-east` holds `us-east-1`). Unknown regions lie nowhere.
 */
export function liesIn(code: string, area: string): boolean {
  const [region, wanted] = [regionOf(code), area.toLowerCase()]
  if (region === wanted || code.toLowerCase() === wanted) return true
  const known = regions.get(region)
  if (!known) return false
  if (wanted === 'eu' || wanted === 'eea') {
    return (
      unionMembers.has(known.country) || (wanted === 'eea' && othersOfTheArea.has(known.country))
    )
  }
  return (
    [known.place, known.country, known.continent].includes(wanted) ||
    (/^[a-z]+-[a-z]+$/.test(wanted) &&
      region.startsWith(wanted) &&
      /^-?\d+$/.test(region.slice(wanted.length)))
  )
}

/** How many regions names stand for at most: an availability zone is none beside its region. */
export function countRegions(codes: readonly string[]): number {
  return new Set(codes.map(regionOf)).size
}

/** Whether two names surely stand for different places; `ireland` may be `eu-west-1`, which is there. */
export function areApart(one: string, other: string): boolean {
  const places = [one, other].map((code) => regions.get(regionOf(code))?.place ?? regionOf(code))
  return places[0] !== places[1] && !liesIn(one, other) && !liesIn(other, one)
}

/** How many of the places that are named surely differ. */
export function countPlaces(codes: readonly string[]): number {
  // An area that holds another place named is not a place of its own.
  const narrow = codes.filter(
    (area) => !codes.some((code) => regionOf(code) !== regionOf(area) && liesIn(code, area)),
  )
  const apart: string[] = []
  for (const code of narrow) if (apart.every((one) => areApart(one, code))) apart.push(code)
  return apart.length
}
