import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { START_HELP } from '../../server/src/cli/help.ts'
import { SETTING_NAMES, settingsFromEnv } from '../../server/src/settings.ts'
import { testDesk } from './test-desk.ts'
import { TEST_SECRET } from './token.ts'

/** What the operator fills in, where a file has no value of its own. */
const FILLED: Record<string, string> = {
  POSTGRES_PASSWORD: 'letters4and5digits',
  DESKBELL_SECRET: TEST_SECRET,
  DESKBELL_ADMIN_PASSWORD: 'a long password',
}
/** Within which a desk that stops is gone, whatever hangs. */
const STOPPED_S = 10

const file = (path: string) =>
  readFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), 'utf8')

interface Compose {
  services: Record<string, { environment: Record<string, string>; stop_grace_period?: string }>
  configs: { proxy: { content: string } }
}
const compose = parse(file('deploy/compose.yaml'), { merge: true }) as Compose
const desks = Object.entries(compose.services).filter(([name]) => name.startsWith('desk-'))

interface Probe {
  httpGet: { path: string; port: string }
}

interface Deployment {
  terminationGracePeriodSeconds: number
  containers: {
    env: { name: string; value: string }[]
    ports: { name: string; containerPort: number }[]
    lifecycle: { preStop: { exec: { command: [string, string] } } }
    livenessProbe: Probe
    readinessProbe: Probe
    startupProbe: Probe
  }[]
}
const kubernetes = parseAllDocuments(file('deploy/kubernetes.yaml')).map((document) => document.toJS())
const pod = kubernetes.find(({ kind }) => kind === 'Deployment').spec.template.spec as Deployment
const unit = file('deploy/deskbell.service')
const image = file('deploy/Dockerfile')

/** `${NAME:-default}` and `${NAME:?…}` as Compose fills them in. */
function filled(text: string): string {
  return String(text).replaceAll(/\$\{(\w+)(?::-([^}]*)|:\?[^}]*)?\}/g, (_all, name, given) => {
    const value = FILLED[name] ?? given
    if (value === undefined) throw new Error(`nobody says what ${name} is`)
    return value
  })
}

/** All settings that a desk is given by these files. */
function given(): Map<string, Record<string, string>> {
  const secrets = [...file('deploy/kubernetes.yaml').matchAll(/--from-literal=([A-Z_]+)/g)]
  return new Map([
    ...desks.map(([name, { environment }]) => [name, environment] as const),
    [
      'kubernetes',
      Object.fromEntries(pod.containers.flatMap(({ env }) => env.map((one) => [one.name, one.value]))),
    ],
    [
      'its secret',
      Object.fromEntries(secrets.map(([, name]) => [name, 'postgres://host/desk'.padEnd(40, 'k')])),
    ],
    [
      'systemd',
      Object.fromEntries([...unit.matchAll(/^Environment=([A-Z_]+)=(.*)$/gm)].map(([, ...pair]) => pair)),
    ],
    ['Docker', Object.fromEntries([...image.matchAll(/([A-Z_]+)=(\S+)/g)].map(([, ...pair]) => pair))],
  ])
}

test('what deploy/ gives a desk are settings with values that it takes', () => {
  expect(desks).toHaveLength(2)
  for (const [where, { NODE_ENV, ...environment }] of given()) {
    expect(Object.keys(environment).length, where).toBeGreaterThan(0)
    expect(
      Object.keys(environment).filter((name) => !SETTING_NAMES.includes(name)),
      where,
    ).toEqual([])
    const values = Object.entries(environment).map(([name, value]) => [name, filled(value)])
    expect(() => settingsFromEnv(Object.fromEntries(values)), where).not.toThrow()
  }
  // Behind a proxy, or all its users have one address.
  for (const where of ['desk-1', 'kubernetes'])
    expect(given().get(where)?.TRUST_PROXY).toEqual(expect.anything())
})

test('every setting is in "deskbell start --help" and in the docs', () => {
  const docs = file('docs/running.md')
  expect(SETTING_NAMES.filter((name) => !START_HELP.includes(name) || !docs.includes(`\`${name}\``))).toEqual(
    [],
  )
})

test('every address that is asked for health by deploy/ answers, and on the port where a desk listens', async () => {
  await using desk = await testDesk()
  const probes = pod.containers
    .flatMap(({ livenessProbe, readinessProbe, startupProbe }) => [
      livenessProbe,
      readinessProbe,
      startupProbe,
    ])
    .map(({ httpGet }) => httpGet)
  const inText = ['Dockerfile', 'Caddyfile', 'compose.yaml', 'haproxy.cfg'].flatMap((name) => {
    const found = [...file(`deploy/${name}`).matchAll(/(?:GET |\}|health_uri )(\/\w+(?:\?\w+=\w+)?)/g)]
    expect(found, name).toHaveLength(1)
    return found.map(([, path]) => path)
  })
  for (const path of [...probes.map((probe) => probe.path), ...inText]) {
    expect((await fetch(desk.url + path)).status, path).toBe(200)
  }
  const port = given().get('Docker')?.PORT
  expect(image).toContain(`EXPOSE ${port}\n`)
  expect(pod.containers[0]?.ports).toEqual([{ name: 'http', containerPort: Number(port) }])
  for (const { port: named } of probes) expect(named).toBe('http')
  for (const [name] of desks) expect(compose.configs.proxy.content).toContain(`${name}:${port}\n`)
})

test('every supervisor waits longer than a desk takes to stop', () => {
  for (const [, { stop_grace_period }] of desks) expect(seconds(stop_grace_period)).toBeGreaterThan(STOPPED_S)
  expect(seconds(/^TimeoutStopSec=(.*)$/m.exec(unit)?.[1])).toBeGreaterThan(STOPPED_S)
  const [, pause] = pod.containers[0]?.lifecycle.preStop.exec.command ?? []
  expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(STOPPED_S + seconds(pause))
})

test('what is started is the program, and an embedded database lies where it may be written', () => {
  const { bin } = JSON.parse(file('packages/server/package.json'))
  const program = `packages/server/${bin.deskbell}`
  expect(existsSync(fileURLToPath(new URL(`../../../${program}`, import.meta.url)))).toBe(true)
  expect(image).toContain(
    `ENTRYPOINT ["node", "${program.replace('packages/server', 'node_modules/deskbell')}"]`,
  )
  expect(unit).toContain('/node_modules/.bin/deskbell start\n')
  // All else is read-only.
  expect(unit).toContain('ProtectSystem=strict\n')
  const folder = `/var/lib/${/^StateDirectory=(.*)$/m.exec(unit)?.[1]}`
  expect(given().get('systemd')?.DATABASE_URL).toBe(`sqlite:${folder}/deskbell.db`)
  const { databaseUrl } = settingsFromEnv({})
  expect(image).toContain(`VOLUME /app/${databaseUrl.split('/').at(-2)}\n`)
})

function seconds(text = ''): number {
  return Number.parseInt(text, 10)
}
