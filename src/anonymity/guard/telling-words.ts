// The words by which a description tells who somebody is (telling-clauses.ts).
const set = (words: string): ReadonlySet<string> => new Set(words.split(' '))

/** One of a kind. "eerste" and "laatste" are also said of jobs and talks: they need more. */
export const UNIQUE = set(
  'enige enigste oudste jongste langste kleinste grootste dikste rijkste bekendste beroemdste langstzittende snelste sterkste langst bekende beroemde beruchte only oldest youngest tallest',
)
export const FIRST_OR_LAST = set('eerste laatste first last allereerste allerlaatste')

/** What people are by trade, descent or otherwise; most are known by their ending. */
const PERSONS = set(
  'vrouw man jongen meisje weduwe weduwnaar kok arts imam dominee pastoor priester rabbijn juf meester smid boer boerin turk turkse pool poolse syrier syrische eritreeer eritrese marokkaan marokkaanse somalier somalische afghaan afghaanse iranier iraanse oekrainer oekraiense chinees chinese transgender homo lesbienne moslim moslima jood joodse baas slager bakker transvrouw transman kampioen dragqueen albino sikh non persoon kapper tandarts dierenarts huisarts notaris piloot kapitein schipper visser jager herder molenaar kuiper bode coach agent chef tolk rechter imker kerel vent gast buurman overlevende vluchteling dove blinde woman man boy girl guy person dentist imam welder driver teacher nurse baker butcher doctor pilot farmer pharmacist firefighter advocaat meneer mevrouw artiest straatartiest politieagente agente conducteur rolstoeler dirigent organist dierenarts molenaar steenhouwer brugwachter stadsomroeper omroeper boswachter',
)
const PERSON_ENDING =
  /...(?:er|ling|ster|ist|iste|eur|euse|ier|iere|aar|ares|aris|ent|ente|ant|ante|loog|loge|man|vrouw|aan|oot|icus|arts|jongen|meisje|smid|kok|hulp|coach|meester|juf|chef|bode|dokter|agent|air|boer|baas|monteur|urg|eut|kundige|verzorgende|assistente?|agente|docente|advocaat|artiest|pianist|wachter|omroeper)$/
/** They end so, and are no persons, or such as every note speaks of. */
const NO_PERSON =
  /(?:zoon|dochter|kind|kinderen|broer|zus|bezoekers?|bezoekster|kandidaat|deelnemer|deelneemster|klant|client|collega|werkgever|werknemer|docent|trainer|partner|kostwinner|aanbieder|leverancier|koffer|winter|zomer|semester|nummer|papier|kamer|computer|moment|contactpersoon|(?:^|groot|pleeg|stief)ouders?|keer|manier|dag|punt|kwartaal|uitzendbureau|element|document|instrument|argument|kantoor|loket|groep|huisarts|sollicitant|cursist|gesprekspartner|werkzoekende|beter|verder|later|over|onder|weer|meer|maar|daar|waar|zonder|eerder|vroeger|zeker|ander|december|november|september|oktober|vacature|water|bijster|centrum|verleden|jaar|paar|klaar|alleen|uur|eer|alleenstaande?|elkaar|gehaald|gesprek|januari|februari|cijfer|vragenlijst|formulier|lager|hoger|koper|leer|heer|mailtje|systeem|verkeer|apparaat|bijeenkomst|begeleider|zwager|sneller|langer|korter|minder|nader|alter|baan|bestaan|gaan|staan|gedaan|vandaan|voortaan|orgaan|oceaan|schoot|groot|idioot|component|percent|procent|parlement|patent|talent|accent|event|plant|krant|(?:^|zij|achter|voor|buiten|water)kant|want|restant|constant|relevant|interessant|belangrijker|vooraf|middag|ochtend|namiddag|avond|week|maand|optie|wens|ervaring|kans|plek|stap|bus|trein|rooster|klooster|poster|master|filter|meter|liter|kilometer|teller|helper|folder|ladder|motor|factor|sector|monitor|mentor|vervoer|hier|vier|dier|manier|plezier|partij|client|cent|agenda|bericht|internet|^(?:verhuist|beslist|omgeruist|gemist|vermist|twist|kist|lijst|mist|list|juist|bewust))$/

export const isPerson = (fold: string) =>
  PERSONS.has(fold) || (fold.length > 4 && fold.length < 32 && PERSON_ENDING.test(fold) && !NO_PERSON.test(fold))

/** A place has one of these, or few; and who is known by what he does. */
export const ROLES = set(
  'imam dominee pastoor priester pastor rabbijn koster raadslid kamerlid statenlid gedeputeerde ambassadeur klokkenluider keeper doelman spits voetballer voetbalster schaatser wielrenner topsporter international schooldirecteur schoolhoofd rector brandweercommandant politiechef veerman havenmeester dorpsagent dorpsdokter vuurtorenwachter zanger zangeres presentator presentatrice hoofdredacteur stadsdichter dorpsgek schutterskoning kasteelheer bandlid linksback rechtsback aanvoerder lijsttrekker fractievoorzitter fractievoorz stadsomroeper nachtburgemeester sinterklaas brugwachter organist dirigent',
)
/** They appear in notes for what they do for the place: it takes "ex" or kin. */
export const OFFICES = set(
  'burgemeester wethouder minister staatssecretaris directeur directrice voorzitter voorzitster commandant gevangenisdirecteur hoofdinspecteur trainer coach eigenaar bestuurder speler prof commissaris officier loco-burgemeester',
)
export const FORMER = set('ex oud voormalig voormalige vroegere vorige gepensioneerd gepensioneerde former was')
export const KIN = set(
  'zoon dochter vrouw man weduwe weduwnaar broer zus zusje broertje neef nicht ex partner kleinzoon kleindochter schoonzoon schoondochter moeder vader echtgenoot echtgenote oma opa zwager schoonzus ouders vriendin vriend oom tante kind brother sister son daughter widow wife husband father mother',
)
/** "tweelingzus", "kleinzoon", "stiefmoeder" */
export const isKin = (fold: string) =>
  KIN.has(fold) ||
  /^(?:tweeling|half|pleeg|stief|schoon|achterklein|klein)(?:zus|broer|zoon|dochter|moeder|vader|kind)$/.test(fold)
/** Whom everybody knows: kin of theirs is known, too. */
export const PUBLIC = set(
  'burgemeester wethouder voetballer voetbalster zanger zangeres rapper presentator presentatrice minister kamerlid schrijver schrijfster acteur actrice vlogger influencer youtuber olympier kampioen dominee imam pastoor profvoetballer schaatser wielrenner crimineel moordenaar dader',
)
export const GROUPS = set(
  'dorp wijk buurt straat stad gemeente gem school basisschool bedrijf fabriek moskee kerk synagoge tempel vereniging club voetbalclub provincie land regio eiland waddeneiland nederland nl korps kazerne brandweer politie praktijk ziekenhuis verpleeghuis gevangenis azc flat kamp gemeenschap haven werf markt universiteit hogeschool college lyceum hotel garage heide polder kudde kooi podium waddeneiland waddeneilanden pont veerpont achterhoek station friesland bejaardenhuis dierentuin',
)
export const PREPOSITIONS = set('van in uit op te bij v vd vh binnen aan voor at from of')

/** What befell one person, and stood in the paper. */
export const BEFELL =
  /^(?:vermist|vermiste|doodgeschoten|neergeschoten|neergestoken|doodgestoken|verongelukte?|verongelukten|verdronk|verdronken|vermoorde?|omkwam|omgekomen|ontvoerde?|gegijzelde?|gekidnapt|ontploffing|explosie|busongeluk|treinongeluk|steekpartij|schietpartij|vuurwerkramp|gezinsdrama|familiedrama|ramp|aanslag|verdrinking|doodgereden|geliquideerd|levenloos)$/
export const OWN_LOSS = /^(?:afgebrande?|uitgebrande?|opgeblazen|geplunderd|ingestort|afbrandde|uitbrandde)$/
export const OWNED =
  /^(?:huis|schuur|zaak|winkel|boerderij|pannenkoekenhuis|eethuis|hotel|snackbar|friettent|kapsalon|cafe|restaurant|caravan|woning|flat|loods|bedrijf|stal|kraam)$/
/** What others talk about. */
export const NOTORIOUS =
  /^(?:ontslagen|failliet|failliete|opgepakt|veroordeeld|veroordeelde|gearresteerd|betrapt|weggestuurd|geschorst|aftreden|afgetreden|trans|ontsnapt|verdacht|verdachte|won|gewonnen|winnaar|winnares|overleefd|overleefde|redde|gered|getrouwd|homo|neergestoken|mishandeld|gestalkt|vastzat|vastgezeten|bedreigd|uitgezet|beroemd|bekend|overval|overvallen|inval|schietpartij|steekpartij|brand)$/
export const MEDIA =
  /^(?:nieuws|krant|kranten|stentor|telegraaf|tv|televisie|journaal|omroep|media|radio|gelderlander|tubantia|limburger|leeuwarder|volkskrant|dvhn|noordhollands|opsporing|hart|talkshow|jinek|reportage|documentaire)$/
export const APPEARS = /^(?:leest|presenteert|stond|staat|gestaan|kwam|was|geweest|verscheen|zat)$/
export const PRIZE =
  /^(?:lotto|lottoprijs|loterij|staatsloterij|postcodeloterij|jackpot|miljoen|hoofdprijs|wereldtitel|goud|bakt|holland|mol|robinson|voice|idols)$/
export const BODY =
  /^(?:transvrouw|transman|transgender|dragqueen|kreupele|manke|blinde|dove|doofblinde|eenarmige|eenbenige|eenogige|albino|lilliputter|dwerg|kunstarm|kunstbeen|armprothese|beenprothese|brandwonden|gezichtstatoeage|gezichtstatoeages|glazen|kleinwuchsige|dwarslaesie|siamese)$/
/** Rare and a person in one word. */
export const RARE = /^(?:transvrouw|transman|dragqueen|albino|lilliputter|dwerg)$/
export const LIMB = /^(?:arm|been|oog|hand|oor|neus|armen|benen|ogen|handen|vingers)$/
export const MULTIPLE = /^(?:drieling|vierling|vijfling|zesling|triplets|quadruplets)$/
/** The rest of the clause is about things. */
export const THING_SUBJECT =
  /^(?:vacature|vacatures|advertentie|artikel|bericht|banen|bedrijf|fabriek|werkgever|winkel|stuk|interview|gelezen|las|lezen|gezien|zag|cao|wet|tekort|gemeente|werkcentrum|uwv|project)$/

/** Of these a house, a club or a church has one. */
export const LEADERS =
  /^(?:pachter|pachtster|uitbater|uitbaatster|concierge|bedrijfsleider|bedrijfsleidster|beiaardier|kastelein|directeur|directrice|schooldirecteur|schooldirectrice|rector|conrector|beheerder|beheerster|molenaar|boswachter|brugwachter|imker|\w*herder|\w*secretaris|pottenbakker|vuurtorenwachter|voorzitter|voorzitster|fractievoorzitter|fractievoorz|fractieleider|lijsttrekker|raadslid|dirigent|organist|koster|priester|pastoor|pastor|dominee|imam|herder|penningmeester|uitbater|kroegbaas|oprichter|oprichtster|eigenaar|eigenares|schoolhoofd|intern|juf|meester|keeper|spits|linksback|aanvoerder|hoofdtrainer|sinterklaas|prins|carnaval|conducteur|concierge|badmeester|portier|marktmeester)$/
/** Who was one is known for it. */
export const PUBLIC_ROLE =
  /(?:voetballer|voetbalster|schaatser|schaatsster|wielrenner|wielrenster|topsporter|keeper|dorpsagent|wijkagent|commandant|directeur|directrice|rector|burgemeester|burgemeestersvrouw|wethouder|raadslid|kamerlid|minister|dominee|pastoor|imam|priester|presentator|presentatrice|zanger|zangeres|international|kampioen|piloot|rechter|notaris|schoolhoofd|secretaris|gemeentesecretaris|griffier|gevangene|bokser|judoka|turnster|turner|tennisser|tennisster|danseres|acteur|actrice|soapster|marinier|mijnwerker|ambassadeur|hoogleraar)$/
/** What somebody is always seen with. */
export const SEEN_WITH =
  /(?:accordeon|papegaai|bakfiets|hond|honden|draaiorgel|orgel|trompet|gitaar|hoed|baard|snor|scootmobiel|karretje|pony|ezel|kraam|cape|viool|saxofoon|kat|pruik|sigaar|vlag|kruiwagen|tractor|oldtimer|trommel|hanenkam|dreads|paard|geit|koe|ooglap|eethuis|eettent|snackbar|viskraam|bloemenstal|kiosk|pannenkoekenhuis|ijssalon)$/
export const RARE_ILLNESS =
  /(?:^(?:huntington|fop|progeria|albinisme|dwerggroei|locked|ichthyosis|porfyrie|marfan|duchenne|narcolepsie|tourette|slaapziekte|vlinderziekte|lepra)$|.{3,}syndroom$|^syndroom$)/
/** Of these a place has one, if any. */
export const RARE_TRADE =
  /^(?:operazanger|operazangeres|balletdanser|balletdanseres|concertpianist|concertpianiste|acrobaat|clown|goochelaar|trapezeartiest|astronaut|circusartiest|circusdirecteur|beiaardier|orgelbouwer|vuurtorenwachter|sumoworstelaar|buikspreker|koorddanser|stuntman|stuntvrouw|ijsbeeldhouwer|dirigent|dirigente|filmregisseur|oud-?president|prinses|generaal)$/
export const PROGRAMMES =
  /^(?:spoorloos|rambam|zembla|undercover|straatarm|steenrijk|robinson|utopia|temptation|masterchef|bakt|idols|xfactor|jinek|eenvandaag|nieuwsuur|brandpunt)$/

/** No word of these is longer, and a longer one is not worth its time. */
const LONGEST = 32
/** Without one of these no clause tells anything, and most have none. */
export const isReason = (fold: string): boolean => REASONS.has(fold) || (fold.length < LONGEST && MARK.test(fold))

const REASONS = new Set([
  ...[...UNIQUE, ...FIRST_OR_LAST, ...ROLES, ...OFFICES, ...PUBLIC],
  ...'oprichter oprichtster stichter erfgename erfgenaam grondlegger veroordeeld getuige slachtoffer verdachte gedetineerde overlevende nabestaande voorprogramma boek documentaire olympische paralympics bassist drummer gitarist raam dak balkon trein altijd speelt zingt bedelt danst vijfling syndroom'.split(
    ' ',
  ),
  ...'failliet failliete samen kinderen kids gezicht klokkenluider kent rolstoel lottoprijs winnaar winnares winner'.split(' '),
])
const MARK = new RegExp(
  `${[BEFELL, OWN_LOSS, NOTORIOUS, MEDIA, PRIZE, BODY, LIMB, MULTIPLE, LEADERS, PROGRAMMES, RARE_ILLNESS, PUBLIC_ROLE, SEEN_WITH].map(({ source }) => source).join('|')}|kampioene?$|^(?:oud|ex).{4}`,
)
