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
    const listeners: [EventTarget, string, () => void][] = [
      [window, 'online', wake],
      [window, 'offline', wake],
      [window, 'pageshow', wake],
      [document, 'resume', wake],
      [document, 'visibilitychange', wakeIfVisible],
    ]
    for (const [target, name, listener] of listeners) target.addEventListener(name, listener)
    return () => {
      for (const [target, name, listener] of listeners) target.removeEventListener(name, listener)
    }
  }
}
