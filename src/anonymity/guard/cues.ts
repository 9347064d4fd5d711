// What the words around a word tell: that a person is meant, or a firm, a place, a course, a language.

const set = (words: string) => new Set(words.split(/\s+/))

/** A person's name comes next, nearly always. */
export const TITLES = set(
  'mevrouw mevr mw mvr mvw meneer mijnheer menneer meneertje dhr hr heer dhrn mnr mr mrs ms miss mister juf juffrouw meester dr drs ir ing prof dokter fam familie gezin echtpaar mejuffrouw madame monsieur frau herr sir dame zuster broeder',
)
export const NAMING = set(
  'heet heette heten heetten genaamd geheten noemt genoemd naam voornaam achternaam familienaam roepnaam meisjesnaam voornamen ene zekere alias bijgenaamd vernoemd ondergetekende naamgenoot initialen',
)
export const GREETINGS = set(
  'hoi hallo beste dag geachte lieve groet groetjes groeten gr mvg grt groetj hey hi bedankt dank dankjewel bvd',
)
/** Who a person is to another, or at the desk. */
export const RELATIONS = set(
  'zoon dochter man vrouw partner vriend vriendin ex broer zus zusje broertje vader moeder mama papa oom tante neef nicht opa oma schoonzus schoonmoeder schoonvader schoonzoon schoondochter stiefvader stiefmoeder stiefzoon kind kinderen echtgenoot echtgenote verloofde buurman buurvrouw collega collegas baas chef leidinggevende manager teamleider directeur eigenaar werkgever begeleider begeleidster woonbegeleider ambulant jobcoach coach klantmanager casemanager consulent consulente contactpersoon adviseur docent docente leraar lerares mentor stagebegeleider praktijkbegeleider gids client cliente klant bezoeker bezoekster kandidaat kandidate deelnemer deelneemster cursist leerling student studente werkzoekende statushouder vluchteling inburgeraar medewerker medewerkster recruiter intercedent accountmanager maatje taalmaatje vrijwilliger bewindvoerder advocaat huisarts arts psycholoog therapeut tolk mantelzorger voogd oppas gastouder stagiair stagiaire jongen meisje tweeling zwager schoonbroer kleinzoon kleindochter wijkcoach regisseur aanmelder melder beller verwijzer dominee imam pastoor weduwe weduwnaar',
)
/** Next of kin: a capital after them is a name, also when it is a word. */
export const KIN = set(
  'zoon dochter broer zus zusje broertje oom tante neef nicht opa oma zwager schoonzus kleinzoon kleindochter buurman buurvrouw vriendin',
)
/** Before these words somebody is, and after them, too. */
export const PREPOSITIONS = set(
  'met van aan voor door bij naar tegen namens via over en of tussen zonder behalve volgens samen plus sprak gesproken bel belde mail mailde app appte vraag gevraagd vroeg help geholpen spreek terugbellen doorverwezen',
)
export const PARTICLES = set(
  'van der den de ten ter te het t d s vd v d el al abu abou ben bin bint ait aït oulad ould da dos das do di del della la le les du des von zu zum zur st san santa mac mc o',
)
/** What somebody does. */
export const DOES = set(
  'wil wilde wou heeft had is was zoekt zocht vraagt vroeg belt belde komt kwam werkt werkte woont woonde gaat ging kan kon moet moest mag krijgt kreeg volgt volgde zit zat staat stond vindt vond denkt dacht weet wist geeft gaf zegt zei neemt nam stuurt stuurde mailt mailde appt appte meldt meldde durft durfde twijfelt twijfelde spreekt sprak leert leerde hoopt hoopte wacht wachtte doet deed wordt werd solliciteert solliciteerde start startte stopt stopte begint begon blijft bleef maakt maakte helpt hielp regelt regelde loopt liep begeleidt begeleidde vertelt vertelde vertelt geeft ontvangt ontving verwijst verwees neemt nodigt schrijft schreef leest las kent kende hoort hoorde ziet zag twijfelt overweegt overlegt overlegde heeft zou zal mist miste verdient verdiende betaalt durft kiest koos vertrekt vertrok verhuist verhuisde lijkt leek voelt voelde probeert probeerde rijdt reed bezoekt bezocht heeft oriënteert orienteert ontslagen aangemeld gebeld gesproken geholpen doorverwezen terugbellen belde langs wenst verzoekt verwacht snapt begrijpt draait studeert studeerde woonachtig jarig afgestudeerd komt gestart toe',
)
/** Telegrams leave the "met" out: "gesprek Fatima", "cv Tesfay". */
export const SUBJECTS = set(
  'gesprek gesprekje afspraak belafspraak afspr intake telefonisch contact cv dossier aanvraag formulier bericht sollicitatie kennismaking terugbelverzoek huisbezoek evaluatie nazorg overleg overdracht',
)
/** "de", "een" and their like: what follows is a thing, or what somebody is. */
export const DETERMINERS = set(
  'de het een geen deze die dit dat elke ieder iedere per als zijn haar hun mijn ons onze uw welke zo n alle veel weinig meer twee drie vier vijf',
)

/** A firm, a school, a house has this before its name ... */
export const INSTITUTIONS = set(
  'stichting bedrijf firma fa uitzendbureau uitzendburo bureau hotel restaurant cafe eetcafe lunchroom cafetaria snackbar pizzeria school basisschool college lyceum gymnasium mavo praktijkschool roc mbo hogeschool universiteit buurthuis wijkcentrum dorpshuis buurtcentrum winkel supermarkt bakkerij slagerij garage autobedrijf kwekerij tuincentrum hoveniersbedrijf bouwbedrijf schildersbedrijf schoonmaakbedrijf transportbedrijf installatiebedrijf loodgietersbedrijf taxibedrijf rijschool kapsalon salon apotheek praktijk huisartsenpraktijk tandartspraktijk notaris notariskantoor advocatenkantoor accountantskantoor makelaar kinderopvang kinderdagverblijf peuterspeelzaal verpleeghuis verzorgingshuis woonzorgcentrum zorginstelling zorgcentrum ziekenhuis zorgorganisatie thuiszorg thuiszorgorganisatie revalidatiecentrum camping vakantiepark zwembad museum theater bioscoop sportschool vereniging kerk moskee project traject programma platform website site app systeem software pakket methode campus gebouw station halte zaal wijk buurt kinderboerderij zorgboerderij speeltuin sporthal landgoed kasteel molen pand zaak dorp stad gemeente regio provincie eiland loket organisatie bv nv vof holding concern groep keten merk vacaturesite boerderij manege fabriek drukkerij brouwerij woningcorporatie corporatie verhuisbedrijf distributiecentrum magazijn dc vestiging filiaal locatie kantoor leerwerkbedrijf leerbedrijf stagebedrijf sw-bedrijf werkplaats beurs banenmarkt evenement festival krant tijdschrift tv-programma fonds verzekeraar bank pensioenfonds vakbond bond',
)
/** ... or a word that ends so. */
export const INSTITUTION_ENDING =
  /..(?:centrum|bedrijf|winkel|school|club|boerderij|kantoor|bureau|groep|zaak|praktijk|fabriek|instelling|organisatie|vereniging|markt|terrein|hal|park|salon|atelier|studio|kliniek|opvang|verblijf|instituut|college|gebouw|hotel|restaurant|keten|merk|museum|theater)$/
/** ... or that after it. */
export const FIRM_ENDINGS = set(
  'bv nv vof cv holding groep group groen infra transport logistics logistiek bouw techniek catering schoonmaak installaties installatietechniek metaal zorg thuiszorg hoveniers hovenier advies consultancy services service food foods fashion mode meubelen wonen keukens autos auto autobedrijf makelaars makelaardij advocaten accountants uitzendbureau uitzendburo bloemen flowers kwekerij kwekerijen college lyceum school basisschool scholengroep ziekenhuis stichting kliniek museum theater arena stadion hotel hotels restaurant cafe bakkers bakkerij bakkerijen slagerij supermarkt supermarkten winkel winkels groothandel vis vlees kaas tuincentrum garage fietsen rijwielen rijschool taxi tours reizen touringcars personeelsdiensten personeel recruitment academy academie opleidingen trainingen instituut mavo gymnasium hogeschool universiteit verhuizingen schilders schilderwerken dakwerken loodgieters elektro verhuur trading international nederland media design ict solutions foundation apotheek apotheken kinderopvang optiek juwelier drogisterij parket vloeren tegels kozijnen glas staal machines trucks cleaning security beveiliging zonen zn partners gebroeders co',
)
/** "werkt bij ...", "stage bij ...": a firm comes next. */
export const WORKING =
  /^(?:\w*(?:werk|gewerkt|werkzaam|werken|baan|baantje|bijbaan|stage|contract|dienst|dienstverband|vacature|vacatures|solliciteren|gesolliciteerd|sollicitatie|solliciteert|ontslagen|ontslag|leerbaan|leerwerkplek|proefplaatsing|proefdraaien|meeloopdag|meelopen|uitzendkracht|oproepkracht|aangenomen|begonnen|gestart|start|starten|begint|slag|ingeschreven|functie|bbl|vakkenvuller|chauffeur|schoonmaker|orderpicker|productiemedewerker|magazijn|monteur|kok|bezorger|koerier|verkoper|verkoopmedewerker|caissiere|kassa|medewerker|stageplek|leerplek|werkplek|plek|plaats|werkte|werkten|opleiding|cursus|training|les|lessen|workshop|leren|diploma|studeren|gestudeerd|studeert|school|open|dag|traineeship|snuffelstage|weggegaan|vertrokken|detachering|gedetacheerd|plaatsing|geplaatst|jaar|jobs|invalt|invallen|overstap|gereageerd|reageren|reactie|reageerde|aangemeld|aanmelden|informeren|geinformeerd|geïnformeerd|gebeld|doorstroom|terecht|overgestapt|gesprek|gesprekken|intake|kennismaking|kennismaken|rondleiding|kijken|meekijken|uitgenodigd|uitnodiging|aanbod|afwijzing|afgewezen|klant|lid|rondkijken|opdracht|klus|project|traject)|.+(?:eur|ist|iste|monteur|medewerkster|bezorger|bewaker|beveiliger|lasser|schilder|kapper|poetser|vulploeg|inpakker|docent|leraar|planner|assistent|begeleider|manager|hulp)|inpakken|orderpicken|poetsen|poetst|serveert|serveren|helpt|vrijwilliger|verzorgende|verpleegkundige|trainee|bediening|afwas|schoonmaken|bezorgen|rijdt|invaller)$/
export const BEFORE_PLACES = set(
  'in uit te vanuit regio gemeente omgeving richting rond rondom nabij dorp stad wijk buurt provincie eiland plaats woonplaats district eiland vlakbij naast',
)
export const BEFORE_LANGUAGES = set(
  'spreekt spreken sprak taal thuistaal voertaal huistaal talen moedertaal tolk leest schrijft verstaat dialect',
)
export const BEFORE_COURSES = set(
  'template sjabloon cursus opleiding training diploma certificaat programma systeem software app methode test module workshop traject project examen vak richting studie leerlijn platform pakket tool subsidie regeling wet fonds label beurs project werkboek boek niveau',
)
/** "aanbod van ...", "de app van ...": a firm comes next, when nobody knows the word. */
export const OF_A_FIRM = set(
  'aanbod afwijzing vacature vacatures training trainingen cursus workshop folder contract loonstrook app site website traject subsidie product producten filiaal vestiging fabriek magazijn kantine winkel restaurant banenmarkt personeelsdienst recruiter hr klantenservice callcenter distributiecentrum',
)
/** "... zoekt monteurs": whoever needs those is a firm. */
export const WANTED =
  /^(?:.{3,}(?:ers|eurs|lieden|isten|sters|kundigen|krachten|teurs|tanten|denten|ieres)|mensen|koks|leerlingen|vacatures?|personeel|plekken|stageplekken|leerbanen|stagiairs?|stagiaires?|collegas?|kandidaten|chauffeurs|handjes|invalkrachten|vakantiekrachten|failliet|gesloten|reorganiseert|reorganisatie|filialen|winkels|vestiging)$/
/** What somebody is by trade stands after these, also when it is written with a capital. */
export const BEFORE_TRADES = set(
  'als opleiding functie beroep baan vacature vacatures cursus bbl bol mbo niveau leerling zelfstandig assistent hulp word worden wordt diploma vak richting studie werk werken ervaring gewerkt entree stage tot naar voor van en of meewerkend aankomend ervaren gediplomeerd allround junior senior een de',
)
/** Never a name after a title: a phone puts a capital after "mw." */
export const NEVER_NAMED = set(
  'wil wilt wilde heeft had is was zoekt kan kon moet mag gaat komt kwam krijgt volgt werkt woont belt vraagt zit staat vindt denkt weet geeft zegt neemt meldt twijfelt spreekt leert hoopt wacht doet wordt werd start stopt blijft maakt ook niet nog al wel en of maar met zonder uit in op aan bij van voor naar over door die dat deze dit er hier daar nu dan toen graag geen een zelf samen later morgen vandaag gisteren gisteren terug verder heel erg net pas altijd vaak soms misschien eerst eerder momenteel inmiddels ziet had gebeld gesproken geholpen doorverwezen verwezen aangemeld verteld gezien gevraagd gemaild wilde zou zal heel goed oud jong nieuw zwanger alleenstaand getrouwd gescheiden werkloos ontslagen ziek uitgevallen afgestudeerd afkomstig werkzaam bekend onbekend tevreden blij boos verdrietig gemotiveerd onzeker moeder vader hoe wat wie waar wanneer waarom welke ja nee ivm mbt tav nav via tot per sinds vanaf na om te ter ten haar zijn hun leek bleek bleef',
)
/** Names of East Asia that are Dutch words too, and frequent ones. */
export const SYLLABLES_THAT_ARE_WORDS = set(
  'ai an bao bin bo bui cao chi dan dai diep ding do dong du fan fei ge ha hai han hang he heng hen ho hoi hong hu hua hui hun jun kan kang kim ko kon la lai lam lan lang lao le lei leng lie lin ling lo long lou lu luk ma mai man mei men min mo mu na nam nan ning nu ong pan pang pei pin ping po rang ren rong rui sang si so son song su sui sun ta tai tam tan tang tao te tel ten ti tien tin ting to ton tong tri tu vi van vo vu wai wan wei wen wie wu ya ye yen yi yo yu',
)
/** Surnames after "de" and after "van", when they have a capital: "de Vries belt", "Van Dijk". */
export const AFTER_DE = set(
  'vries jong jonge boer groot haan wit bruin bruijn bruyn graaf graaff lange leeuw vos koning ruiter rooij rooy wolf zeeuw kok bakker jager winter beer ridder waard hoop kroon keizer klerk mol munck munnik nijs regt rijk roos smet swart valk weerd wilde zwart haas heus vrieze klein wild gier gans vet geus ruijter ruyter kruijf kruif gelder mos pauw rover bie bont clercq coninck cock bock kleijn kraker krijger mooij nooij paauw potter raaf raaij roo schepper schutter smidt snoo souza sousa oliveira silva',
)
export const AFTER_VAN = set(
  'dijk dyk vliet leeuwen wijk beek loon rijn es doorn dam dongen veen ommeren dalen ginkel gelder houten kampen buren eck ede eijk elst essen gent haren hattem hoof hout kessel laar lent lier maanen meurs mierlo oers oosten oort os oss putten raaij rhijn roon rooijen rossum schaik soest son straaten tongeren tilburg tol uden veldhoven velzen vuuren wezel wijngaarden zanten zon zuilen zwieten engelen ewijk grinsven halteren hees herk hoek houwelingen iersel keulen kuijk lieshout lith mil nes nistelrooij nunen oirschot orsouw osch pelt poppel rijswijk riel rooij sambeek schijndel stiphout tiel vugt waes weert wel wessem',
)
/** Given names that are words, and that open a sentence in small letters as a name all the same: "jan zoekt werk". */
export const ACTING_IN_SMALL = set('jan ben tim bo leo max an cor jos nel ad ton sem kas ties noor ria ger ed roman els ina lena')
/** After these an unknown word is a brand or a method: "Krajicek playground". */
export const THINGS = set(
  'cursus opleiding training methode methodiek certificaat certificaten app website site account profiel systeem software programma filiaal fabriek vestiging playground foundation academy norm model akkoord akkoorden platform pakket licentie browser schoenen laptop telefoon printer machine machines kassa',
)
/** Names that are words which one may well type at a desk: alone, in small letters, they are the word. */
export const NEEDS_A_HINT = set(
  'erna roos mark joy linde iris merel jasmijn lies marina borst kuiper kuipers molenaar mulder mulders jonker jonkers hunter walker parker turner palmer rosa flora viola violette margriet daisy jade pip trees sari nada medina stevens schippers schouten vissers vogels bakkers brouwers dekkers snijders schrijvers wevers winters bruins spierings armen barre',
)
/** Somebody is spoken with, not something. */
export const SPOKEN_WITH = set('met namens volgens sprak gesproken belde gebeld mailde vroeg')
/** People do this, and hardly anything else does. */
export const PERSONAL = set(
  'zoekt belt wil vraagt woont werkt werkte spreekt solliciteert twijfelt belde mailt mailde heeft had zocht vroeg woonde vertelde vertelt',
)
/** Names that are words which may do so all the same. */
export const NEVER_ACTING = set(
  'anders wil hoop ons door mei juli juni april august dag rust storm lente zon winter summer star song vrede trouw bloem engel prins beer wolf an max dan ver let penny page unique grace faith hope love trust praise promise',
)
/** Who does something, in few letters: after the verb they say that another word opens the sentence. */
export const SUBJECT_WORDS = set('hij zij ze het er ik we wij jij je u men die dat dit')
/** Flowers and what is done with them: beside another one of these a flower is no girl. */
export const FLOWERS = set(
  'roos rozen iris irissen jasmijn lelie lelies dahlia erica margriet viola tulp tulpen narcis narcissen hyacint chrysant chrysanten gerbera orchidee bloem bloemen bloemist bloemenwinkel kwekerij kwekerijen kweken veiling snoeien plukken',
)
/** Days of the week, cut short. */
export const DAYS = set('ma di wo do vr za zo')
/** A room, a hall: its name comes next. */
export const ROOMS = set('zaal lokaal ruimte kamer vleugel gebouw hal aula vergaderzaal vergaderruimte')
/** Somebody speaks, or is spoken with: who does stands right after. */
export const SPEAKS = set(
  'belt belde zegt zei vraagt vroeg mailt mailde appt appte vindt vond meldt meldde vertelt vertelde schrijft schreef',
)
/** Between a verb that opens a sentence and these stands who does it: "wacht lin nog op antwoord". */
export const OPENING = set(
  'wil wilde wou moet moest kan kon mag gaat komt kwam heeft had is was wacht zoekt zou zal werkt krijgt weet durft hoeft belt vraagt volgt start',
)
export const AFTER_SUBJECT = set(
  'wel nog nu ook al niet nou zelf mee even weer dan toch hier terug straks morgen vandaag graag later eigenlijk nooit altijd soms misschien',
)
/** What comes after them is a new clause, whose first word may be a name. */
export const CONJUNCTIONS = set('dus want omdat maar als dat toen zodat terwijl of en ook zodra voordat nadat')
/** Right after whom one met. */
export const MET = set('gezien gesproken geholpen ontmoet gebeld gemaild geappt')
/** Arabic articles and their like, which begin a name and are no Dutch word. */
export const FOREIGN_PARTICLES = set('el ait oulad ould abu abou bou bint ibn')
/** More who may be somebody's: after them, or before them, a name. */
export const KINDRED = set(
  'zoon dochter broer zus zusje broertje oom tante neef nicht neefje nichtje opa oma zwager schoonzus schoonmoeder schoonvader kleinzoon kleindochter buurman buurvrouw vriendin zoontje dochtertje moeder vader man vrouw partner vriend',
)
/** In a clause after a conjunction only somebody does so. */
export const PERSONAL_AFTER = set('komt wil zoekt belt mee zelf kwam wilde moet mag heeft had kan gaat vraagt zn haar werkt')
/** English words that are names, too: "grace period", "faith in himself". */
export const ENGLISH_WORDS = set(
  'grace faith hope joy destiny patience mercy gift blessing comfort precious justice innocent prince princess charity harmony heaven treasure wisdom favour bright',
)
