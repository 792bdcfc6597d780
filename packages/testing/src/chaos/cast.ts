import { type Shown, Team } from '../team.ts'
import { Admin } from './admin.ts'
import { type Manner, Person, type Scene, type Watched } from './person.ts'
import { eavesdrop } from './stranger.ts'

const MANNERS: readonly Manner[] = [
  { tabs: 2, reads: 0.4 },
  { tabs: 1, reads: 0.3 },
  // Whoever never reads is mailed.
  { tabs: 1, reads: 0 },
  { tabs: 2, reads: 0 },
]
const ADMINS = 2

/** Everyone who takes part. */
export class Cast implements AsyncDisposable {
  readonly #scene: Scene
  readonly #persons: readonly Person[]
  readonly #admins: readonly Admin[]
  readonly #team: Team

  private constructor(scene: Scene, persons: readonly Person[], admins: readonly Admin[], team: Team) {
    this.#scene = scene
    this.#persons = persons
    this.#admins = admins
    this.#team = team
  }

  /** `dashboards` is how many admins beside those who answer keep the list in order. */
  static async assemble(scene: Scene, dashboards: number): Promise<Cast> {
    const persons = await Promise.all(MANNERS.map((manner, n) => Person.come(scene, `user-${n + 1}`, manner)))
    const chatIds = persons.map(({ chatId }) => chatId)
    const admins = await Promise.all(
      Array.from({ length: ADMINS }, (_, n) => Admin.come(scene, `sam-${n + 1}`, chatIds)),
    )
    const team = new Team(scene.balancer.url, 'lists', () => {})
    await team.begin(dashboards)
    return new Cast(scene, persons, admins, team)
  }

  get networks() {
    return [...this.#persons.flatMap(({ tabs }) => tabs), ...this.#admins].map(({ network }) => network)
  }

  get screens(): Watched[] {
    return [
      ...this.#persons.flatMap(({ tabs }) => tabs.map(({ watched }) => watched)),
      ...this.#admins.flatMap(({ chats }) => chats),
    ]
  }

  /** Everyone is at work until what happens meanwhile is over. */
  async live(meanwhile: () => Promise<void>): Promise<void> {
    const over = new AbortController()
    const { signal } = over
    const [first] = this.#persons
    const works = [
      ...[...this.#persons, ...this.#admins].map((one) => one.live(signal)),
      eavesdrop(this.#scene, first?.chatId ?? '', signal),
    ]
    try {
      await meanwhile()
    } finally {
      over.abort()
      await Promise.all(works)
    }
  }

  /** Resolves when nothing that the dashboards did is on its way any more. */
  async stopSorting(): Promise<void> {
    await this.#team.stop()
  }

  async shownLists(): Promise<Shown[]> {
    return await this.#team.shown()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { tabs } of this.#persons) for (const tab of tabs) tab.close()
    for (const admin of this.#admins) admin.close()
    await this.#team[Symbol.asyncDispose]()
  }
}
