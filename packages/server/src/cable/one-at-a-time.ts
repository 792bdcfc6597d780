/**
 * Runs one task at a time; what is asked for meanwhile is folded into one next run, so that a flood of
 * requests costs hardly more than one.
 */
export class OneAtATime {
  readonly #run: (seq: number) => Promise<unknown>
  readonly #fold: (a: number, b: number) => number
  #next: number | null = null
  #isBusy = false

  constructor(run: (seq: number) => Promise<unknown>, fold: (a: number, b: number) => number) {
    this.#run = run
    this.#fold = fold
  }

  async ask(seq: number): Promise<void> {
    this.#next = this.#next === null ? seq : this.#fold(this.#next, seq)
    if (this.#isBusy) return
    this.#isBusy = true
    while (this.#next !== null) {
      const now = this.#next
      this.#next = null
      await this.#run(now)
    }
    this.#isBusy = false
  }
}
