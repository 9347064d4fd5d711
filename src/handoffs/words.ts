// The words of recognition codes: plain things, animals and food that everybody knows, can say on the phone and can write down.

/**
 * 512 Dutch nouns. Kept out: words that sound like another, differ by one letter, need an accent, or could be taken for a remark
 * about somebody's health, faith, origin, money, body or behaviour. Words may be added; one that was ever issued is never taken out.
 */
export const WORDS: readonly string[] = `
  aanhanger aanrecht aardbei abrikoos achtbaan adelaar afwasborstel akker alpaca ananas andijvie antenne appel appeltaart
  aquarium asperge atlas augurk autoband azijn badkuip badmuts bagage bakfiets balkon bamboe banaan batterij beker berk
  beschuit bestek bezem biet bijenkorf bioscoop bladblazer bladzijde blauwbes bliksem bloem bloembol bloemkool blokfluit
  boek boekenkast boerderij boog boomgaard boormachine bosbes boter boterham botervloot braam brandnetel brievenbus
  broccoli brood broodje broodrooster brug buffel bus cacao cactus camera caravan cavia cello chocolade circus citroen
  dakpan dambord dashboard decor deken deksel dennenappel deur deurbel dienblad dobbelsteen dobber doelpaal dolfijn domino
  driehoek drumstel duif dynamo eekhoorn egel eierdop eiland ekster emmer fabriek fakkel fazant fiets fietsbel fietspomp
  filter flamingo fluit fluitketel fontein fornuis foto framboos gang garage garnaal gazelle gember gevel gieter giraf
  gitaar glas glijbaan globe gordijn graan grammofoon graniet grasmaaier grasmat groente haas hagel hagelslag hamer
  hamster handdoek handschoen handvat hangmat harmonica harp haven havik hazelnoot heide helikopter helm hengel heuvel
  hoed hommel honing hooi hooiberg horloge houtblok huis iglo ijsbeer ijsberg ijspegel inktvis jas jasmijn jojo jurk kaars
  kaartspel kaasschaaf kachel kajak kalender kampvuur kaneel kangoeroe kano kapstok karamel karper karton kast kastanje
  kasteel katoen kermis ketel keuken kiezel kikker kiosk kiwi klarinet kleurpotlood klimrek klok knoflook knoop koala
  koekenpan koekje koekoek koektrommel koelkast koffer koffie kokosnoot komkommer kompas konijn koolmees koraal korenbloem
  kraanvogel krant krekel krijt krokodil krokus kruidnagel kruisbes kruiwagen kubus ladder landhuis landkaart lantaarn
  laptop lasagne lasso laurier lavendel leeuw lepel lift lijm lijster limoen limonade liniaal linnen loopbrug luchtballon
  luchtbed maan macaroni madelief magneet magnetron mais mand mandarijn mango mantel margriet markt marmer marsepein mees
  melk merel meteoor metro meubel mier miereneter molen mosterd motor museum muts muur muziek naald nachtegaal nest
  nestkast notenkraker oase oceaan oever olifant olijf onderzeeboot ooievaar orchidee orgel orkest otter oven overhemd
  paard paardenbloem paleis palm panda pannenkoek panter pantoffel papegaai paperclip papier paprika paraplu parasol park
  pastinaak pauw peer pelikaan pepermunt perron perzik piano pindakaas pion pizza plafond plakband planeet plantsoen pluim
  podium pollepel pompoen pony poort popcorn postbus postzegel potlood prei prisma propeller prullenbak pudding
  puntenslijper puzzel raaf rabarber raceauto radar radijs radio raket regenjas reiger rendier rivier robijn robot roer
  rolschaats roltrap roodborst roos rotonde salade sandaal sardine saxofoon schaakbord schaats schaatsbaan schelp schepnet
  schildpad schoffel schommel schoorsteen schrift schroef scooter servet sinaasappel sjaal skateboard slagboom slee
  sleepboot sleutel sneeuw snijplank snoek soep sofa sok spaak spaghetti sparrenboom specht speeltuin spijker spijkerbroek
  spons sprinkhaan spruitje stapel station steiger stekker ster stoel stofzuiger stopcontact straat strand strandbal
  strijkplank stripboek stroopwafel struik suiker tafel tandenborstel tandpasta tapijt teddybeer telefoon telescoop tennis
  tennisbal terras theedoek theelepel theepot tijger toekan toetsenbord tomaat toren tosti tractor tram trechter trein
  trommel trompet trui tuin tuinboon tuinhek tuinslang tuinstoel tulp tunnel twijg vaatwasser valk vanille venkel venster
  vergiet verrekijker vijver viltstift viool vis vlieger vliegtuig vliegveld vlinder vlinderdas vloer voetpad vogel
  vogelhuis vork vouwfiets vrachtwagen vriezer vulkaan vuurtoren waaier walnoot wasbeer wasmachine wasmand waterlelie
  watermeloen waterpas waterval weegschaal wezel wiel wilg windmolen winkel winter wolk wortel zaag zadel zaklamp zandbak
  zandkasteel zandloper zebra zee zeehond zeemeeuw zeester zeilboot zolder zomer zon zonnebloem zout zwaan zwaluw zwembad
  zwembroek
`
  .trim()
  .split(/\s+/)
