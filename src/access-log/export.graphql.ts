// The log after the standards, in GraphQL: for privacy officers, of their own organisation.
import { Arg, Field, Int, ObjectType, Query, Resolver } from 'type-graphql'
import { Ask } from '../graphql/asked.js'
import type { Context } from '../graphql/context.js'
import { closedList } from '../graphql/lists.js'
import { connectionOf, PageInfo } from '../graphql/types.js'
import { pageRequest } from '../operations/page.js'
import { perform } from '../operations/perform.js'
import { exportPage, type LogFormat } from './export.js'

const LogFormatList = closedList('LogFormat', 'Vorm waarin het logboek naar buiten gaat.', {
  ADL: 'besluiten, als Authorization Decision Log',
  LDV: 'verwerkingen, als Logboek Dataverwerkingen',
  OTLP: 'verwerkingen, als OTLP/JSON',
} satisfies Record<LogFormat, string>)

@ObjectType({ description: 'Een pagina van het logboek als regels JSON, oudste eerst. Nooit een waarde.' })
class AccessLogExport {
  @Field(() => [String], { description: 'Regels JSON. Eén besluit of verwerking kan meer regels hebben: een per betrokkene.' })
  lines!: string[]
  @Field(() => PageInfo, { description: 'Waar deze pagina begint en eindigt.' })
  pageInfo!: PageInfo
}

@Resolver()
export class ExportResolver {
  @Query(() => AccessLogExport, {
    nullable: true,
    description:
      'Het logboek van uw organisatie volgens de standaarden, tot twee minuten geleden. Tweemaal hetzelfde vragen geeft tweemaal hetzelfde. Ook dit lezen wordt vastgelegd.',
  })
  accessLogExport(
    @Arg('format', () => LogFormatList, { description: 'Vorm.' }) format: LogFormat,
    @Arg('from', () => String, { description: 'Vanaf dit tijdstip (ISO 8601).' }) from: string,
    @Arg('until', () => String, { description: 'Vóór dit tijdstip (ISO 8601).' }) until: string,
    @Arg('first', () => Int, { nullable: true, description: 'Hoeveel besluiten of verwerkingen, 1 tot en met 50; standaard 20.' })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'Na deze cursor.' }) after: string | null,
    @Ask() { world, capacity }: Context,
  ): Promise<AccessLogExport> {
    const request = pageRequest(first, after)
    return perform(world, capacity, 'accessLogExport', async (act) => {
      const page = await exportPage(act, format, { from, until }, request)
      return { lines: page.items.flat(), pageInfo: connectionOf(page, after).pageInfo }
    })
  }
}
