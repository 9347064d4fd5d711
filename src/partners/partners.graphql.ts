// Places and organisations, and who you are, in GraphQL.
import { Arg, Field, ID, Int, ObjectType, Query, Resolver } from 'type-graphql'
import type { PartnerKind, ROLES } from '../decide/decide.js'
import { badInput } from '../errors.js'
import { Ask } from '../graphql/asked.js'
import type { Context } from '../graphql/context.js'
import { closedList } from '../graphql/lists.js'
import { type ConnectionOf, connectionOf, connectionType } from '../graphql/types.js'
import { isDay } from '../handoffs/calendar.js'
import { staffPseudonym } from '../identity/pseudonym.js'
import { pageRequest, readCursor } from '../operations/page.js'
import { perform } from '../operations/perform.js'
import { listMunicipalities, listPartners, listRegions, listWerkcentra, PARTNER_KIND_LABELS } from './partners.js'

export const PartnerKindList = closedList('PartnerKind', 'Soort partner.', PARTNER_KIND_LABELS)
export const RoleList = closedList('Role', 'Rol: wat iemand in een hoedanigheid mag zijn.', {
  GUIDE: 'gids',
  HANDLER: 'medewerker van een partner',
  COORDINATOR: 'coördinator',
  PRIVACY_OFFICER: 'privacy officer of FG',
  SIGNATORY: 'mandaathouder',
  CODE_HOLDER: 'bezoeker met volgcode',
  NOBODY: 'niemand: niet ingelogd',
  OPERATOR: 'beheerder van de installatie, alleen in het logboek',
} satisfies Record<(typeof ROLES)[number] | 'NOBODY' | 'OPERATOR', string>)

@ObjectType({ description: 'Arbeidsmarktregio, een van de 35. Bron: CBS, Gebieden in Nederland 2026 (CC BY 4.0).' })
export class Region {
  @Field(() => ID, { description: 'Code van de regio, bijvoorbeeld AM14.' })
  amCode!: string
  @Field(() => String, { description: 'Naam van de regio.' })
  name!: string
}

@ObjectType({ description: 'Gemeente, in een regio gedurende een periode. Bron: CBS, Gebieden in Nederland 2026 (CC BY 4.0).' })
export class Municipality {
  @Field(() => ID, { description: 'Code van de gemeente, bijvoorbeeld GM0307.' })
  gmCode!: string
  @Field(() => String, { description: 'Naam van de gemeente.' })
  name!: string
  @Field(() => String, { description: 'Code van de regio waarin zij ligt.' })
  amCode!: string
  @Field(() => String, { description: 'Eerste dag waarop dit geldt (JJJJ-MM-DD).' })
  validFrom!: string
  @Field(() => String, {
    nullable: true,
    description: 'Eerste dag waarop dit niet meer geldt; leeg als er geen einde bekend is.',
  })
  validTo!: string | null
}

@ObjectType({ description: 'Partner: een organisatie waaraan een balie overdraagt.' })
export class Partner {
  @Field(() => ID, { description: 'Kenmerk.' })
  id!: string
  @Field(() => String, { description: 'Naam.' })
  name!: string
  @Field(() => PartnerKindList, { description: 'Soort partner.' })
  kind!: PartnerKind
  @Field(() => Boolean, { description: 'Rechtspersoon? Alleen dan kan zij verwerkingsverantwoordelijke zijn.' })
  legalPerson!: boolean
  @Field(() => String, { nullable: true, description: 'Code van de regio waarin zij werkt.' })
  amCode!: string | null
  @Field(() => [Partner], {
    nullable: true,
    description: 'Rechtspersonen namens wie een samenwerkingsverband handelt; alleen in de lijst `partners`.',
  })
  actsFor?: Partner[]
}

@ObjectType({ description: 'Balie van een werkcentrum: een locatie, of online.' })
export class Desk {
  @Field(() => ID, { description: 'Kenmerk.' })
  id!: string
  @Field(() => String, { description: 'Naam.' })
  name!: string
  @Field(() => String, { nullable: true, description: 'Code van de gemeente waarin zij staat; leeg voor online.' })
  gmCode!: string | null
}

@ObjectType({ description: 'Werkcentrum: samenwerking in één regio. Geen rechtspersoon.' })
export class Werkcentrum {
  @Field(() => ID, { description: 'Kenmerk.' })
  id!: string
  @Field(() => String, { description: 'Naam.' })
  name!: string
  @Field(() => String, { description: 'Code van de regio.' })
  amCode!: string
  @Field(() => [Desk], { nullable: true, description: 'Balies; alleen in de lijst `werkcentra`.' })
  desks?: Desk[]
  @Field(() => [Partner], {
    nullable: true,
    description: 'Verwerkingsverantwoordelijken: rechtspersonen; alleen in de lijst `werkcentra`.',
  })
  controllers?: Partner[]
}

@ObjectType({ description: 'Hoedanigheid: als wat u hier handelt. Eén rol, één organisatie.' })
export class Me {
  @Field(() => RoleList, { description: 'Rol.' })
  role!: string
  @Field(() => Werkcentrum, { nullable: true, description: 'Het werkcentrum waarvoor u handelt.' })
  werkcentrum!: Werkcentrum | null
  @Field(() => Partner, { nullable: true, description: 'De partner waarvoor u handelt.' })
  partner!: Partner | null
  @Field(() => String, { nullable: true, description: 'Uw pseudoniem in het logboek van uw eigen organisatie.' })
  pseudonym!: string | null
}

const PartnerConnection = connectionType('Partner', 'partners', () => Partner)

@Resolver()
export class PartnersResolver {
  @Query(() => Me, { description: 'Wie u hier bent (hoedanigheid).' })
  me(@Ask() { world, capacity }: Context): Promise<Me> {
    return perform(world, capacity, 'me', async (act) => {
      const id = 'organisationId' in capacity ? capacity.organisationId : undefined
      const werkcentrum = id && capacity.side === 'WERKCENTRUM' ? await act.sql.werkcentrum.findUnique({ where: { id } }) : null
      const partner = id && capacity.side === 'PARTNER' ? await act.sql.partner.findUnique({ where: { id } }) : null
      return {
        role: capacity.role,
        werkcentrum,
        partner: partner as Partner | null,
        pseudonym: 'subject' in capacity ? staffPseudonym(world.keys, capacity) : null,
      }
    })
  }

  @Query(() => [Region], { description: 'De arbeidsmarktregio’s.' })
  regions(@Ask() { world, capacity }: Context): Promise<Region[]> {
    return perform(world, capacity, 'regions', listRegions)
  }

  @Query(() => [Municipality], { description: 'De gemeenten zoals zij zijn op een dag; standaard vandaag.' })
  municipalities(
    @Arg('amCode', () => String, { nullable: true, description: 'Alleen die van deze regio.' }) amCode: string | null,
    @Arg('day', () => String, { nullable: true, description: 'Op deze dag (JJJJ-MM-DD).' }) day: string | null,
    @Ask() { world, capacity }: Context,
  ): Promise<Municipality[]> {
    if (day != null && !isDay(day)) throw badInput('day must be a day, as YYYY-MM-DD.')
    return perform(world, capacity, 'municipalities', (act) =>
      listMunicipalities(act, { amCode: amCode ?? null, day: day ?? null }),
    )
  }

  @Query(() => [Werkcentrum], { description: 'De werkcentra met hun balies en verwerkingsverantwoordelijken.' })
  werkcentra(@Ask() { world, capacity }: Context): Promise<Werkcentrum[]> {
    return perform(world, capacity, 'werkcentra', listWerkcentra)
  }

  @Query(() => PartnerConnection, { description: 'De partners, op naam.' })
  partners(
    @Arg('amCode', () => String, { nullable: true, description: 'Alleen die in deze regio werken.' }) amCode: string | null,
    @Arg('kind', () => PartnerKindList, { nullable: true, description: 'Alleen deze soort.' }) kind: PartnerKind | null,
    @Arg('first', () => Int, { nullable: true, description: 'Hoeveel, 1 tot en met 50; standaard 20.' }) first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'Na deze cursor.' }) after: string | null,
    @Ask() { world, capacity }: Context,
  ): Promise<ConnectionOf<Partner>> {
    const request = pageRequest(first, after)
    const key = request.after ? readCursor(request.after, 'partners') : null
    return perform(world, capacity, 'partners', async (act) =>
      connectionOf(await listPartners(act, { amCode: amCode ?? null, kind: kind ?? null }, request, key), after),
    )
  }
}
