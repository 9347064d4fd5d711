// The register of processing activities in GraphQL: typed, and as one text for a spreadsheet or a program.
import { type GraphQLResolveInfo, type GraphQLSchema, getNamedType, isObjectType } from 'graphql'
import { Field, ID, Info, Int, ObjectType, Query, Resolver } from 'type-graphql'
import { type Action, purposeFor } from '../decide/policy-files.js'
import { Ask } from '../graphql/asked.js'
import type { Context } from '../graphql/context.js'
import { CategoryList } from '../graphql/types.js'
import { perform } from '../operations/perform.js'
import { Partner } from '../partners/partners.graphql.js'
import { LegalBasis, PurposeList } from './agreements.graphql.js'
import { makeRegister, type RegisterData, type TypesOf } from './register.js'

@ObjectType({ description: 'Soort gegevens in een verwerkingsactiviteit.' })
class ProcessedCategory {
  @Field(() => CategoryList, { description: 'Categorie.' })
  category!: string
  @Field(() => String, { description: 'In gewone woorden.' })
  words!: string
  @Field(() => [PurposeList], { description: 'Doelen waarvoor.' })
  purposes!: string[]
  @Field(() => [String], { description: 'Velden die erin zitten.' })
  fields!: string[]
}

@ObjectType({ description: 'Verwerkingsactiviteit (AVG art. 30, eerste lid).' })
class ProcessingActivity {
  @Field(() => ID, { description: 'Kenmerk; hetzelfde voor dezelfde activiteit.' })
  key!: string
  @Field(() => ID, { description: 'Zo wijst het verwerkingslog ernaar (dpl.core.processing_activity_id).' })
  uri!: string
  @Field(() => String, { description: 'Naam.' })
  name!: string
  @Field(() => [Partner], { description: 'Verwerkingsverantwoordelijken (onder a).' })
  controllers!: Partner[]
  @Field(() => String, { description: 'Contactpunt (onder a).' })
  contactPoint!: string
  @Field(() => String, { description: 'Doel (onder b).' })
  purpose!: string
  @Field(() => [LegalBasis], { description: 'Grondslagen.' })
  bases!: LegalBasis[]
  @Field(() => [String], { description: 'Categorieën van betrokkenen (onder c).' })
  dataSubjects!: string[]
  @Field(() => [ProcessedCategory], { description: 'Categorieën van persoonsgegevens (onder c).' })
  dataCategories!: ProcessedCategory[]
  @Field(() => [String], { description: 'Ontvangers (onder d).' })
  recipients!: string[]
  @Field(() => String, { description: 'Doorgifte buiten de EU (onder e).' })
  transfersOutsideEu!: string
  @Field(() => String, { description: 'Bewaartermijn (onder f).' })
  retention!: string
  @Field(() => [String], { description: 'Beveiligingsmaatregelen (onder g).' })
  security!: string[]
  @Field(() => ID, { nullable: true, description: 'Afspraak waarop zij berust.' })
  agreementId!: string | null
  @Field(() => Int, { nullable: true, description: 'Versie van die afspraak.' })
  agreementVersion!: number | null
  @Field(() => String, { nullable: true, description: 'Verwijzing naar het document.' })
  documentReference!: string | null
  @Field(() => String, { nullable: true, description: 'Sinds wanneer (JJJJ-MM-DD): de afspraak, of deze versie van het beleid.' })
  since!: string | null
}

@ObjectType({
  description: 'Register van verwerkingsactiviteiten (AVG art. 30) van uw organisatie, gemaakt uit beleid en afspraken.',
})
class ProcessingRegister {
  @Field(() => String, { description: 'Organisatie.' })
  organisation!: string
  @Field(() => String, { description: 'Dag waarop het gemaakt is (JJJJ-MM-DD).' })
  madeOn!: string
  @Field(() => String, { description: 'Versie van het beleid.' })
  policyHash!: string
  @Field(() => [ProcessingActivity], { description: 'Verwerkingsactiviteiten.' })
  activities!: ProcessingActivity[]
  @Field(() => String, { description: 'Hetzelfde als tabel, met puntkomma’s (CSV).' })
  csv!: string
  @Field(() => String, { description: 'Hetzelfde als JSON.' })
  json!: string
}

/** The types that a role can come to: whatever is below an operation that it may run. */
const reach =
  (schema: GraphQLSchema, actions: ReadonlyMap<string, Action>): TypesOf =>
  (role) => {
    const types = new Set<string>()
    const walk = (of: unknown) => {
      if (!isObjectType(of) || types.has(of.name)) return
      types.add(of.name)
      for (const { type } of Object.values(of.getFields())) walk(getNamedType(type))
    }
    for (const root of [schema.getQueryType(), schema.getMutationType()])
      for (const { name, type } of Object.values(root?.getFields() ?? {}))
        if (purposeFor(actions.get(name), role)) walk(getNamedType(type))
    return types
  }

@Resolver()
export class RegisterResolver {
  @Query(() => ProcessingRegister, {
    nullable: true,
    description: 'Het register van verwerkingsactiviteiten van uw organisatie, zoals het vandaag is.',
  })
  processingRegister(@Ask() { world, capacity }: Context, @Info() { schema }: GraphQLResolveInfo): Promise<RegisterData> {
    const typesOf = reach(schema, world.policies.actions)
    return perform(world, capacity, 'processingRegister', (act) => makeRegister(act, typesOf))
  }
}
