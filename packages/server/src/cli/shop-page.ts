interface ShopView {
  user: { name: string; email: string } | null
  /** What the shop's server signed for the user; a visitor has none. */
  token: string | null
}

interface Plant {
  name: string
  note: string
  price: string
  leaf: string
}

const PLANTS: readonly Plant[] = [
  { name: 'Monstera', note: 'Forgives a missed watering', price: '€ 34', leaf: monstera() },
  { name: 'Snake plant', note: 'Happy in a dark corner', price: '€ 22', leaf: snakePlant() },
  { name: 'String of pearls', note: 'Likes a sunny shelf', price: '€ 18', leaf: pearls() },
]

/** The page of a little shop that has added Deskbell: one script tag, one token. */
export function shopPage({ user, token }: ShopView): string {
  const who = user === null ? 'visitor' : user.name.toLowerCase()
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Fern &amp; Fold: house plants</title>
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Cpath d='M6 26C6 12 14 6 27 5c0 14-7 20-17 18' fill='%232f7d4f'/%3E%3C/svg%3E">
<link rel="stylesheet" href="/demo/shop.css">
</head>
<body>
<header class="bar">
  <a class="brand" href="/?as=${who}"><svg viewBox="0 0 32 32" aria-hidden="true"><path d="M6 26C6 12 14 6 27 5c0 14-7 20-17 18"/></svg>Fern &amp; Fold</a>
  <nav aria-label="Demo users">
    ${personLink('alice', 'Alice', who)}
    ${personLink('bob', 'Bob', who)}
    ${personLink('visitor', 'Visitor', who)}
  </nav>
</header>
<main>
  <section class="hero">
    <p class="kicker">${user === null ? 'Welcome' : `Welcome back, ${user.name}`}</p>
    <h1>Plants that put up with people</h1>
    <p class="lead">Chosen by two gardeners who kill things, too. Questions about light, water or a yellow leaf? We answer in the corner down there.</p>
  </section>
  <section class="shelf" aria-label="Plants">
    ${PLANTS.map(card).join('\n    ')}
  </section>
  <section class="note">
    <h2>${user === null ? 'Your visit' : 'Your order'}</h2>
    ${user === null ? VISIT : order(user.email)}
  </section>
</main>
<footer>
  <p>A page to try <strong>Deskbell</strong> with. Write to support in the chat, and answer in the <a href="/admin/chats">support dashboard</a> in a second window. Replies that stay unread are e-mailed: see the <a href="/demo/mailbox">mailbox</a>.</p>
</footer>
<script src="/widget.js" data-app-name="Fern &amp; Fold" ${token === null ? 'data-visitor' : `data-token="${token}"`} async></script>
</body>
</html>
`
}

const VISIT = '<p>You are looking around without an account. The chat works all the same.</p>'

function order(email: string): string {
  return `<p>Monstera, medium, on its way. Updates go to <strong>${email}</strong>.</p>
    <ol class="steps"><li class="done">Packed</li><li class="done">Shipped</li><li>At your door</li></ol>`
}

function personLink(as: string, name: string, who: string): string {
  const current = as === who ? ' aria-current="page"' : ''
  return `<a href="/?as=${as}"${current}>${name}</a>`
}

function card({ name, note, price, leaf }: Plant): string {
  return `<article class="card"><svg viewBox="0 0 120 120" aria-hidden="true">${leaf}${POT}</svg><h2>${name}</h2><p>${note}</p><span class="price">${price}</span></article>`
}

const POT = '<path class="pot" d="M38 84h44l-6 28a4 4 0 0 1-4 3H48a4 4 0 0 1-4-3z"/>'

function monstera(): string {
  return '<path class="stem" d="M60 86V50M60 72 40 54M60 66 82 46"/><path class="leaf" d="M60 52C38 46 40 20 60 10c20 10 22 36 0 42z"/><path class="leaf soft" d="M40 56C22 56 16 42 22 30c16 0 24 12 18 26zM82 48c-4-14 4-28 18-28 6 14-2 26-18 28z"/>'
}

function snakePlant(): string {
  return '<path class="leaf" d="M54 86C44 60 50 30 56 8c8 24 12 54 6 78z"/><path class="leaf soft" d="M46 86C34 66 32 44 34 28c12 16 18 38 18 58zM66 86c2-20 8-40 20-54 2 18-2 38-12 54z"/>'
}

function pearls(): string {
  const strings = [
    [34, 5],
    [46, 7],
    [60, 4],
    [74, 7],
    [86, 5],
  ]
  return strings
    .flatMap(([x = 0, count = 0]) =>
      Array.from(
        { length: count },
        (_, row) => `<circle class="leaf${row % 2 ? ' soft' : ''}" cx="${x}" cy="${78 - row * 9}" r="5"/>`,
      ),
    )
    .join('')
}
