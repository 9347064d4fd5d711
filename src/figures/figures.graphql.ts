// Figures in GraphQL: one gate, and behind it what was published.
import { Arg, Field, ID, Int, Mutation, ObjectType, Query, Resolver } from 'type-graphql'
import { Ask } from '../graphql/asked.js'
import type { Context } from '../graphql/context.js'
import { closedList } from '../graphql/lists.js'
import { perform } from '../operations/perform.js'
import { type FigureAnswer, type FigureFacts, type Language, listDefinitions, listPeriods, readFigure } from './figures.js'
import { type Goal, listGoals, setGoal } from './goals.js'
import { FIGURES } from './policy.js'
import { type ReportText, readReport } from './report.js'

const FigureList = closedList(
  'FigureName',
  'Welk cijfer.',
  Object.fromEntries(FIGURES.figures.map(({ id, title }) => [id, title])),
)
const LanguageList = closedList('FigureLanguage', 'Taal van de woorden; de cijfers zijn dezelfde.', {
  nl: 'Nederlands',
  en: 'Engels',
})
const FormatList = closedList('ReportFormat', 'Vorm van een rapport.', {
  JSON: 'voor een programma',
  CSV: 'voor een rekenblad, met puntkomma’s',
  HTML: 'om af te drukken',
})

@ObjectType({ description: 'Welk cijfer er is, en wat het betekent.' })
class FigureDefinition {
  @Field(() => FigureList, { description: 'Kenmerk.' })
  id!: string
  @Field(() => String, { description: 'Naam.' })
  title!: string
  @Field(() => String, { description: 'Wat er geteld is, en wanneer het meetelt.' })
  definition!: string
  @Field(() => String, { description: 'Eenheid: wat er geteld is.' })
  unit!: string
  @Field(() => [String], { description: 'Waarnaar het is uitgesplitst; hooguit twee.' })
  dimensions!: string[]
}

@ObjectType({ description: 'Een getal van een cijfer.' })
class FigureCell {
  @Field(() => String, { description: 'Rij: waarde van de eerste uitsplitsing, of TOTAL.' })
  row!: string
  @Field(() => String, { description: 'De rij in woorden.' })
  rowLabel!: string
  @Field(() => String, { nullable: true, description: 'Kolom: waarde van de tweede uitsplitsing, als die er is.' })
  column!: string | null
  @Field(() => String, { nullable: true, description: 'De kolom in woorden.' })
  columnLabel!: string | null
  @Field(() => Int, { nullable: true, description: 'Het getal; leeg als het niet genoemd wordt.' })
  value!: number | null
  @Field(() => Boolean, { description: 'Wordt het niet genoemd? Waarom niet, en of het nul is, zegt dit nooit.' })
  suppressed!: boolean
  @Field(() => Boolean, {
    description: 'Voor heel Nederland: er zijn werkcentra die hun deel niet noemen, dus het zijn er ten minste zoveel.',
  })
  atLeast!: boolean
}

@ObjectType({ description: 'Een cijfer (cijfers) over een periode die voorbij is, zoals het is vastgesteld.' })
class Figures extends FigureDefinition {
  @Field(() => String, { description: 'Periode: 2026-Q1, 2026-H1 of 2026.' })
  period!: string
  @Field(() => String, { description: 'De periode in woorden.' })
  periodInWords!: string
  @Field(() => ID, { nullable: true, description: 'Werkcentrum; leeg is heel Nederland.' })
  werkcentrumId!: string | null
  @Field(() => Int, {
    description: 'Versie. Een verbetering is een nieuwe versie; zonder verbetering blijft alles zoals het was.',
  })
  version!: number
  @Field(() => String, { description: 'Dag waarop het is vastgesteld (JJJJ-MM-DD).' })
  publishedOn!: string
  @Field(() => [FigureCell], { description: 'De getallen.' })
  cells!: FigureCell[]
}

@ObjectType({ description: 'Doel van een werkcentrum voor een jaar.' })
class FigureGoal {
  @Field(() => Int, { description: 'Jaar.' })
  year!: number
  @Field(() => FigureList, { description: 'Welk cijfer.' })
  figure!: string
  @Field(() => String, { description: 'Welke rij daarvan, of TOTAL.' })
  row!: string
  @Field(() => Int, { description: 'Hoeveel het er worden.' })
  target!: number
}

@ObjectType({ description: 'Rapport over een halfjaar of een jaar: bereiken we iedereen die we willen bereiken?' })
class FiguresReport {
  @Field(() => String, { description: 'Naam voor het bestand.' })
  fileName!: string
  @Field(() => String, { description: 'Soort bestand (media type).' })
  mediaType!: string
  @Field(() => String, { description: 'De tekst van het bestand.' })
  content!: string
}

@Resolver()
export class FiguresResolver {
  @Query(() => [FigureDefinition], { nullable: true, description: 'Welke cijfers er zijn.' })
  figureDefinitions(
    @Arg('language', () => LanguageList, { defaultValue: 'nl', description: 'Taal van de woorden.' }) language: Language,
    @Ask() { world, capacity }: Context,
  ): Promise<FigureFacts[]> {
    return perform(world, capacity, 'figureDefinitions', (act) => listDefinitions(act, FIGURES, language))
  }

  @Query(() => [String], { nullable: true, description: 'De periodes waarover cijfers zijn vastgesteld.' })
  figurePeriods(
    @Arg('werkcentrumId', () => ID, { nullable: true, description: 'Van welk werkcentrum; leeg is heel Nederland.' })
    werkcentrumId: string | null,
    @Ask() { world, capacity }: Context,
  ): Promise<string[]> {
    return perform(world, capacity, 'figurePeriods', (act) => listPeriods(act, werkcentrumId ?? null))
  }

  @Query(() => Figures, {
    nullable: true,
    description: 'Eén cijfer over één periode. Kleine aantallen worden niet genoemd, en ook niet wat ze zou verraden.',
  })
  figures(
    @Arg('figure', () => FigureList, { description: 'Welk cijfer.' }) figure: string,
    @Arg('period', () => String, { description: '2026-Q1, 2026-H1 of 2026.' }) period: string,
    @Arg('werkcentrumId', () => ID, { nullable: true, description: 'Van welk werkcentrum; leeg is heel Nederland.' })
    werkcentrumId: string | null,
    @Arg('language', () => LanguageList, { defaultValue: 'nl', description: 'Taal van de woorden.' }) language: Language,
    @Ask() { world, capacity }: Context,
  ): Promise<FigureAnswer> {
    const question = { figure, period, werkcentrumId: werkcentrumId ?? null, language }
    return perform(world, capacity, 'figures', (act) => readFigure(act, FIGURES, question))
  }

  @Query(() => FiguresReport, {
    nullable: true,
    description: 'Het rapport van uw werkcentrum over een halfjaar of een jaar, alleen uit vastgestelde cijfers.',
  })
  figuresReport(
    @Arg('period', () => String, { description: '2026-H1 of 2026.' }) period: string,
    @Arg('format', () => FormatList, { description: 'Vorm.' }) format: 'JSON' | 'CSV' | 'HTML',
    @Ask() { world, capacity }: Context,
  ): Promise<ReportText> {
    return perform(world, capacity, 'figuresReport', (act) => readReport(act, FIGURES, period, format))
  }

  @Query(() => [FigureGoal], { nullable: true, description: 'De doelen van uw werkcentrum voor een jaar.' })
  figureGoals(
    @Arg('year', () => Int, { description: 'Jaar.' }) year: number,
    @Ask() { world, capacity }: Context,
  ): Promise<Goal[]> {
    return perform(world, capacity, 'figureGoals', (act) => listGoals(act, year))
  }

  @Mutation(() => [FigureGoal], {
    nullable: true,
    description: 'Een doel zetten, of weghalen. Antwoordt met alle doelen van dat jaar.',
  })
  setFigureGoal(
    @Arg('year', () => Int, { description: 'Jaar.' }) year: number,
    @Arg('figure', () => FigureList, { description: 'Welk cijfer: een totaal, of een met één uitsplitsing.' }) figure: string,
    @Arg('row', () => String, { defaultValue: 'TOTAL', description: 'Welke rij daarvan.' }) row: string,
    @Arg('target', () => Int, { nullable: true, description: 'Hoeveel het er worden; leeg haalt het doel weg.' }) target:
      | number
      | null,
    @Ask() { world, capacity }: Context,
  ): Promise<Goal[]> {
    return perform(world, capacity, 'setFigureGoal', (act) =>
      setGoal(act, FIGURES, { year, figure, row, target: target ?? null }),
    )
  }
}
