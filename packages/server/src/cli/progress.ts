import type { Terminal } from './terminal.ts'

const BAR = 30

/** A bar where there is a screen, else a line for each tenth; `things` is what is counted. */
export function progress(total: number, things: string, { rewrite, out }: Terminal): (done: number) => void {
  let tenths = 0
  return (done) => {
    const share = done / total
    if (rewrite !== null) {
      const full = Math.round(share * BAR)
      return rewrite(`${'█'.repeat(full)}${'░'.repeat(BAR - full)} ${done} ${things}`)
    }
    if (Math.floor(share * 10) === tenths) return
    tenths = Math.floor(share * 10)
    out(`${done} of ${total} ${things}`)
  }
}
