// The pages of the demo: where to begin, the tour, and GraphiQL as one of the demo accounts. Never registered in production.
import type { FastifyInstance } from 'fastify'
import { registerAssets } from './assets.js'
import { GraphiqlPage } from './graphiql.js'
import { GRAPHIQL, Page, READING, sendPage } from './layout.js'
import { readTour, type Stop } from './tour.js'

export type DemoAccount = Readonly<{ name: string; description: string }>

/**
 * Adds `/`, `/graphiql`, `/tour.json`, `POST /demo/token` and the files they use.
 *
 * Whoever reaches these pages can be any demo account: only for a server whose data is all made up.
 *
 * @param token gives a short-lived token for one of the accounts; it goes to the page's memory and nowhere else.
 */
export function registerPages(
  app: FastifyInstance,
  {
    accounts,
    token,
    operationsFolder,
  }: { accounts: readonly DemoAccount[]; token: (account: string) => Promise<string>; operationsFolder: string | URL },
): void {
  const names = new Set(accounts.map(({ name }) => name))
  const tour = readTour(operationsFolder, names)
  const assets = registerAssets(app)

  app.get('/', (_request, reply) =>
    sendPage(reply, READING, <StartPage accounts={accounts} tour={tour} styles={[assets['pages.css']]} />),
  )
  app.get('/graphiql', (_request, reply) => sendPage(reply, GRAPHIQL, <GraphiqlPage accounts={accounts} assets={assets} />))
  app.get('/tour.json', (_request, reply) => reply.header('cache-control', 'no-cache').send(tour))

  app.post<{ Body: { account: string } }>(
    '/demo/token',
    { schema: { body: { type: 'object', required: ['account'], properties: { account: { type: 'string', maxLength: 100 } } } } },
    async ({ body: { account }, hostname }, reply) => {
      reply.header('cache-control', 'no-store')
      // A page elsewhere can give its own name this address and ask in our name; browsers then say that name as the host.
      if (!isLoopback(hostname)) return reply.code(403).send({ message: 'Ask at the address that the server printed.' })
      if (!names.has(account)) return reply.code(404).send({ message: 'There is no such account.' })
      return { token: await token(account) }
    },
  )
}

const isLoopback = (hostname: string): boolean => /^(localhost|127(\.\d{1,3}){3}|\[::1\]|::1)$/.test(hostname)

function StartPage({
  accounts,
  tour,
  styles,
}: {
  accounts: readonly DemoAccount[]
  tour: readonly Stop[]
  styles: readonly string[]
}) {
  return (
    <Page title="Warme overdracht: demo" styles={styles}>
      <header class="band">
        <div class="column">
          <h1>Warme overdracht</h1>
          <p class="lead">
            Een werkcentrum draagt de vraag van een bezoeker over aan een partner, en per gegeven ligt vast wie het mag zien.
          </p>
        </div>
      </header>
      <main id="inhoud" class="column" tabIndex={-1}>
        <p>
          Dit is een demo. Alle gegevens zijn verzonnen. U kunt alles proberen en niets stukmaken.{' '}
          <a href="/graphiql">Open GraphiQL</a> om zelf vragen te stellen aan de API.
        </p>

        <section aria-labelledby="rondleiding">
          <h2 id="rondleiding">Rondleiding</h2>
          {tour.length === 0 ? (
            <p>Er is nog geen rondleiding.</p>
          ) : (
            <>
              <p>Elke stap is een vraag aan de API. Open een stap en druk op de knop met het driehoekje.</p>
              <ol class="tour">
                {tour.map(({ name, title, account }) => (
                  <li key={name}>
                    <a href={`/graphiql#${new URLSearchParams({ stap: name })}`}>{title}</a>{' '}
                    <span class="who">als {account === null ? 'niemand' : <code>{account}</code>}</span>
                  </li>
                ))}
              </ol>
            </>
          )}
        </section>

        <section aria-labelledby="accounts">
          <h2 id="accounts">Wie wilt u zijn?</h2>
          <p>Kies een account. Wat u ziet, hangt af van wie u bent.</p>
          <ul class="accounts">
            {accounts.map(({ name, description }) => (
              <li key={name}>
                <a href={`/graphiql#${new URLSearchParams({ account: name })}`}>{name}</a>
                <span>{description}</span>
              </li>
            ))}
            <li>
              <a href="/graphiql#account=">niemand</a>
              <span>Een bezoeker met een volgcode. De volgcode geeft u mee in de vraag zelf.</span>
            </li>
          </ul>
        </section>

        <section aria-labelledby="zonder-pagina">
          <h2 id="zonder-pagina">Zonder deze pagina</h2>
          <p>
            Gebruikt u liever een eigen programma? Vraag dan een token aan in de map van het project. Zet de naam van het account
            op de plaats van ACCOUNT.
          </p>
          <pre>
            <code>npm run --silent token -- ACCOUNT</code>
          </pre>
          <p>
            Stuur het token mee met elke vraag aan <code>/graphql</code>, in de kop <code>Authorization: Bearer TOKEN</code>. Een
            token is kort geldig.
          </p>
        </section>
      </main>
    </Page>
  )
}
