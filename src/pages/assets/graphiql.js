// Starts GraphiQL in the browser with the tour in its tabs, and asks as whoever is chosen above it.
/* global React, ReactDOM, GraphiQL */
;(async () => {
  const chooser = document.getElementById('account')
  const status = document.getElementById('account-status')
  const say = (text) => {
    status.textContent = text
  }

  // The token lives in this variable only: not in the address, not in storage, not in GraphiQL's headers.
  let token

  async function becomeChosen() {
    const account = chooser.value
    token = undefined
    if (account === '') return say('U vraagt nu als niemand.')
    const pending = fetch('/demo/token', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ account }),
    }).then(async (response) => {
      if (!response.ok) throw new Error('no token')
      return (await response.json()).token
    })
    token = pending
    try {
      await pending
      // Somebody may have chosen again meanwhile.
      if (token === pending) say(`U vraagt nu als ${account}.`)
    } catch {
      if (token !== pending) return
      token = undefined
      chooser.value = ''
      say('Dit account kon niet worden gekozen. U vraagt nu als niemand.')
    }
  }

  async function ask(operation) {
    const bearer = await token
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json',
        ...(bearer ? { authorization: `Bearer ${bearer}` } : {}),
      },
      body: JSON.stringify(operation),
    })
    return response.json()
  }

  // A token that ran out is refused before anything is done, so asking again with a new one is safe.
  const refused = (answer) => answer.errors?.some(({ extensions }) => extensions?.code === 'UNAUTHENTICATED')

  async function fetcher(operation) {
    const account = chooser.value
    const answer = await ask(operation)
    if (account === '' || account !== chooser.value || !refused(answer)) return answer
    await becomeChosen()
    return ask(operation)
  }

  function choose(account) {
    if (account === chooser.value || ![...chooser.options].some(({ value }) => value === account)) return
    chooser.value = account
    becomeChosen()
  }

  // The query itself says who runs it, so a reader sees it too.
  const accountIn = (query) => /^#[ \t]*account:[ \t]*(\S+)/m.exec(query ?? '')?.[1] ?? ''

  const stops = await fetch('/tour.json').then(
    (response) => response.json(),
    () => [],
  )
  const tabs = stops.map(({ name, query, variables }, index) => ({
    id: `stop-${index}`,
    // What GraphiQL itself would call the tab after the first change.
    title: /^(?:query|mutation|subscription)\s+(\w+)/m.exec(query)?.[1] ?? name,
    query,
    variables,
    headers: '',
    operationName: null,
    response: null,
  }))
  const wish = new URLSearchParams(location.hash.slice(1))
  const first =
    tabs[
      Math.max(
        0,
        stops.findIndex(({ name }) => name === wish.get('stap')),
      )
    ]

  // GraphiQL finds its tabs in storage, so it is given one; it lasts as long as the page does, and so do follow-up codes in it.
  const kept = new Map(first ? [['graphiql:tabState', JSON.stringify({ tabs, activeTabIndex: tabs.indexOf(first) })]] : [])
  const storage = {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, value),
    removeItem: (key) => kept.delete(key),
    clear: () => kept.clear(),
    get length() {
      return kept.size
    },
  }

  chooser.addEventListener('change', becomeChosen)
  chooser.value = ''
  say('U vraagt nu als niemand.')
  choose(wish.has('account') ? wish.get('account') : accountIn(first?.query))

  let openTab = first?.id
  const { createElement } = React
  ReactDOM.createRoot(document.getElementById('graphiql')).render(
    createElement(
      GraphiQL,
      {
        fetcher,
        storage,
        query: first?.query,
        variables: first?.variables,
        defaultQuery: '# Typ hier een vraag aan de API.\n',
        isHeadersEditorEnabled: false,
        shouldPersistHeaders: false,
        showPersistHeadersSettings: false,
        forcedTheme: 'light',
        onTabChange({ tabs: now, activeTabIndex }) {
          const tab = now[activeTabIndex]
          // Also called for every change of a query; only another tab means another person.
          if (!tab || tab.id === openTab) return
          openTab = tab.id
          if (stops.some(({ query }) => query === tab.query)) choose(accountIn(tab.query))
        },
      },
      createElement(GraphiQL.Logo, null, 'Warme overdracht'),
    ),
  )
})()
