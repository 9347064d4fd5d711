// GraphiQL with the tour in its tabs, and above it who you are. The work is done by assets/graphiql.js.
import type { AssetName } from './assets.js'
import { Page } from './layout.js'
import type { DemoAccount } from './start.js'

export function GraphiqlPage({
  accounts,
  assets,
}: {
  accounts: readonly DemoAccount[]
  assets: Readonly<Record<AssetName, string>>
}) {
  return (
    <Page
      title="GraphiQL - Warme overdracht: demo"
      kind="wide"
      styles={[assets['graphiql.css'], assets['pages.css']]}
      scripts={[assets['react.js'], assets['react-dom.js'], assets['graphiql.js'], assets['graphiql-boot.js']]}
    >
      <header class="bar">
        <h1>GraphiQL</h1>
        <p>
          <a href="/">Terug naar het begin</a>
        </p>
        <p>
          <label for="account">U bent</label>{' '}
          {/* `off`: after a reload the browser would show another account than the one in use. */}
          <select id="account" autocomplete="off">
            <option value="">Niemand (alleen volgcode)</option>
            {accounts.map(({ name, description }) => (
              <option key={name} value={name}>
                {name}: {description}
              </option>
            ))}
          </select>
        </p>
        <p id="account-status" role="status" />
      </header>
      <main id="inhoud" tabIndex={-1}>
        <noscript>
          <p class="column">
            GraphiQL werkt alleen met JavaScript. Op <a href="/">de beginpagina</a> leest u hoe het zonder kan.
          </p>
        </noscript>
        <div id="graphiql" lang="en" />
      </main>
    </Page>
  )
}
