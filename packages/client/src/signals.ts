/** Tells that the world may have changed (page visible again, network back): returns how to stop listening. */
export type Signals = (wake: () => void) => () => void

/** What `pageSignals` needs of a `document`. */
export interface PageDocument extends EventTarget {
  readonly visibilityState: string
}

/**
 * The signals of a browser page. `offline` counts as well: it makes a connection that died with the network be
 * noticed by the next heartbeat.
 * @example createConnection({ url, signals: pageSignals(window, document) })
 */
export function pageSignals(window: EventTarget, document: PageDocument): Signals {
  return (wake) => {
    const wakeIfVisible = () => {
      if (document.visibilityState === 'visible') wake()
    }
    const over = new AbortController()
    const listen = (target: EventTarget, name: string, listener: () => void) =>
      target.addEventListener(name, listener, { signal: over.signal })
    for (const name of ['online', 'offline', 'pageshow']) listen(window, name, wake)
    listen(document, 'resume', wake)
    listen(document, 'visibilitychange', wakeIfVisible)
    return () => over.abort()
  }
}
