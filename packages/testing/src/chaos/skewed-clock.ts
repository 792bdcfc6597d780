// Loaded into a desk's process before anything else: its machine's clock is wrong by so much.
const skewMs = Number(process.env.DESK_SKEW_MS)
const now = Date.now.bind(Date)
const TrueDate = Date

globalThis.Date = new Proxy(TrueDate, {
  construct: (date, args, target) =>
    Reflect.construct(date, args.length > 0 ? args : [now() + skewMs], target),
  apply: () => new TrueDate(now() + skewMs).toString(),
  get: (date, name) => (name === 'now' ? () => now() + skewMs : Reflect.get(date, name, date)),
})
