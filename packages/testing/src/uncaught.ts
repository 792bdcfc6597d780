/** Whatever nobody caught while a test ran: each of them would have ended a desk's process. */
export class Uncaught implements Disposable {
  readonly errors: unknown[] = []
  readonly #note = (error: unknown) => void this.errors.push(error)

  constructor() {
    process.on('uncaughtException', this.#note)
    process.on('unhandledRejection', this.#note)
  }

  [Symbol.dispose](): void {
    process.off('uncaughtException', this.#note)
    process.off('unhandledRejection', this.#note)
  }
}
