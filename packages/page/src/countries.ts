/**
 * The countries and territories of ISO 3166-1 by their usual short names: area, `eu` or `eea` where it is a
 * member of the Union or of the EEA alone, continent, other names. Georgia is left out: so is a state of the
 * US called, and only a reader can tell which is meant.
 */
const rows = `
algeria||africa
angola||africa
benin||africa
botswana||africa
burkina-faso||africa
burundi||africa
cameroon||africa
cape-verde||africa|cabo verde
central-african-republic||africa
chad||africa
comoros||africa
congo||africa|republic of the congo
democratic-republic-of-the-congo||africa|dr congo
ivory-coast||africa|côte d'ivoire|cote d'ivoire
djibouti||africa
egypt||africa
equatorial-guinea||africa
eritrea||africa
eswatini||africa|swaziland
ethiopia||africa
gabon||africa
gambia||africa|the gambia
ghana||africa
guinea||africa
guinea-bissau||africa
kenya||africa
lesotho||africa
liberia||africa
libya||africa
madagascar||africa
malawi||africa
mali||africa
mauritania||africa
mauritius||africa
mayotte||africa
morocco||africa
mozambique||africa
namibia||africa
niger||africa
nigeria||africa
réunion||africa
rwanda||africa
saint-helena||africa
sao-tome-and-principe||africa|são tomé and príncipe
senegal||africa
seychelles||africa
sierra-leone||africa
somalia||africa
south-africa||africa
south-sudan||africa
sudan||africa
tanzania||africa
togo||africa
tunisia||africa
uganda||africa
western-sahara||africa
zambia||africa
zimbabwe||africa
afghanistan||asia
armenia||asia
azerbaijan||asia
bangladesh||asia
bhutan||asia
brunei||asia
cambodia||asia
china||asia|people's republic of china
hong-kong||asia
india||asia
indonesia||asia
japan||asia
kazakhstan||asia
kyrgyzstan||asia
laos||asia
macau||asia|macao
malaysia||asia
maldives||asia
mongolia||asia
myanmar||asia|burma
nepal||asia
north-korea||asia
pakistan||asia
philippines||asia
singapore||asia
south-korea||asia|republic of korea|korea
sri-lanka||asia
taiwan||asia
tajikistan||asia
thailand||asia
timor-leste||asia|east timor
turkmenistan||asia
uzbekistan||asia
vietnam||asia|viet nam
bahrain||middle-east
iran||middle-east
iraq||middle-east
israel||middle-east
jordan||middle-east
kuwait||middle-east
lebanon||middle-east
oman||middle-east
palestine||middle-east
qatar||middle-east
saudi-arabia||middle-east
syria||middle-east
turkey||middle-east|türkiye|turkiye
uae||middle-east|united arab emirates
yemen||middle-east
åland||europe
albania||europe
andorra||europe
austria|eu|europe
belarus||europe
belgium|eu|europe
bosnia-and-herzegovina||europe|bosnia
bulgaria|eu|europe
croatia|eu|europe
cyprus|eu|europe
czechia|eu|europe|czech republic
denmark|eu|europe
estonia|eu|europe
faroe-islands||europe
finland|eu|europe
france|eu|europe
germany|eu|europe
gibraltar||europe
greece|eu|europe
guernsey||europe
hungary|eu|europe
iceland|eea|europe
ireland|eu|europe|republic of ireland
isle-of-man||europe
italy|eu|europe
jersey||europe
kosovo||europe
latvia|eu|europe
liechtenstein|eea|europe
lithuania|eu|europe
luxembourg|eu|europe|luxemburg
malta|eu|europe
moldova||europe
monaco||europe
montenegro||europe
netherlands|eu|europe|the netherlands|holland
north-macedonia||europe|macedonia
norway|eea|europe
poland|eu|europe
portugal|eu|europe
romania|eu|europe
russia||europe|russian federation
san-marino||europe
serbia||europe
slovakia|eu|europe|slovak republic
slovenia|eu|europe
spain|eu|europe
sweden|eu|europe
switzerland||europe
uk||europe|united kingdom|great britain
ukraine||europe
vatican-city||europe
anguilla||north-america
antigua-and-barbuda||north-america
aruba||north-america
bahamas||north-america
barbados||north-america
belize||north-america
bermuda||north-america
british-virgin-islands||north-america
canada||north-america
cayman-islands||north-america
costa-rica||north-america
cuba||north-america
curaçao||north-america|curacao
dominica||north-america
dominican-republic||north-america
el-salvador||north-america
greenland||north-america
grenada||north-america
guadeloupe||north-america
guatemala||north-america
haiti||north-america
honduras||north-america
jamaica||north-america
martinique||north-america
mexico||north-america
montserrat||north-america
nicaragua||north-america
panama||north-america
puerto-rico||north-america
saint-kitts-and-nevis||north-america|st kitts and nevis
saint-lucia||north-america|st lucia
saint-vincent-and-the-grenadines||north-america
sint-maarten||north-america
trinidad-and-tobago||north-america
turks-and-caicos-islands||north-america
us||north-america|united states|united states of america|usa
us-virgin-islands||north-america
argentina||south-america
bolivia||south-america
brazil||south-america
chile||south-america
colombia||south-america
ecuador||south-america
falkland-islands||south-america
french-guiana||south-america
guyana||south-america
paraguay||south-america
peru||south-america
suriname||south-america
uruguay||south-america
venezuela||south-america
american-samoa||oceania
australia||oceania
cook-islands||oceania
fiji||oceania
french-polynesia||oceania
guam||oceania
kiribati||oceania
marshall-islands||oceania
micronesia||oceania
nauru||oceania
new-caledonia||oceania
new-zealand||oceania
palau||oceania
papua-new-guinea||oceania
samoa||oceania
solomon-islands||oceania
tonga||oceania
tuvalu||oceania
vanuatu||oceania
`

export interface Country {
  /** As a parameter takes it: `new-zealand`. */
  area: string
  union: 'eu' | 'eea' | ''
  continent: string
  /** Every name in small letters, that of the area first. */
  names: readonly string[]
}

export const countries: readonly Country[] = rows
  .trim()
  .split('\n')
  .map((row) => {
    const [area, union, continent, ...others] = row.split('|')
    return {
      area: area!,
      union: union as Country['union'],
      continent: continent!,
      names: [area!.replaceAll('-', ' '), ...others],
    }
  })
