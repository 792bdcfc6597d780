/** A desk's time that stands still until the test moves it. */
export class FakeClock {
  ms = Date.now()

  now(): number {
    return this.ms
  }

  advance(ms: number): void {
    this.ms += ms
  }
}
