import { arrange, type Drawn, drawAll } from './drawn.ts'
import type { Child } from './node.ts'

/**
 * Keeps an element of the page as it was last described. One state that changes draws everything again, at once for
 * all that changed together; the page is only touched where something differs.
 */
export class View {
  readonly #place: Element
  #child: Child = null
  #drawn: readonly Drawn[] = []
  #isDue = false
  #effects: (() => void)[] = []

  constructor(place: Element) {
    this.#place = place
  }

  draw(child: Child): void {
    this.#child = child
    this.#draw()
  }

  /** Leaves nothing in the element, and no effect. */
  end(): void {
    this.draw(null)
  }

  /** A state has changed. */
  redraw(): void {
    if (this.#isDue) return
    this.#isDue = true
    queueMicrotask(() => {
      if (this.#isDue) this.#draw()
    })
  }

  /** Runs once everything that is being drawn has its place. */
  whenDrawn(effect: () => void): void {
    this.#effects.push(effect)
  }

  #draw(): void {
    this.#isDue = false
    this.#drawn = drawAll([this.#child], this.#drawn, this.#place, this)
    arrange(this.#place, this.#drawn)
    // One of them may draw again.
    for (let effect = this.#effects.shift(); effect; effect = this.#effects.shift()) effect()
  }
}
