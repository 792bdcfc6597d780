import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Make, ServerProcess } from '../../server/src/testing/server-process.ts'

/** A load balancer before two desks, as `deploy/` has it but for addresses, certificates and patience. */
export interface Proxy extends AsyncDisposable {
  readonly port: number
  /** What it wrote about requests, and about what went wrong. */
  log(): string
}

type Change = [what: string | RegExp, by: string]

interface Kind {
  file: string
  account: string
  logs: string[]
  /** What an operator has on other machines than this. */
  changes(folder: string, port: number): Change[]
  /** A whole configuration. */
  whole(folder: string, config: string): string
  command(file: string): string[]
}

/** How long a connection on which nothing is said is left alone. Operators have 60. */
export const PATIENCE_S = 6

const KINDS = {
  nginx: {
    file: 'nginx.conf',
    account: 'www-data',
    logs: ['access.log', 'error.log'],
    changes: (folder, port) => [
      ['443 ssl', `127.0.0.1:${port}`],
      [/ *ssl_certificate.*\n *ssl_certificate_key.*\n/, ''],
      ['/var/log/nginx/deskbell.log', join(folder, 'access.log')],
      ['/var/log/nginx/deskbell-error.log', join(folder, 'error.log')],
    ],
    whole: (folder, config) => `daemon off; pid ${folder}/pid; worker_processes 1;
      events {}
      http {
        client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
        fastcgi_temp_path ${folder}/fastcgi; uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
        ${config}
      }`,
    command: (file) => ['nginx', '-e', 'stderr', '-c', file],
  },
  haproxy: {
    file: 'haproxy.cfg',
    account: 'haproxy',
    logs: ['log'],
    changes: (_folder, port) => [[':443 ssl crt /etc/haproxy/desk.example.com.pem', `127.0.0.1:${port}`]],
    whole: (_folder, config) => `global\n  log stdout format raw local0\n${config}`,
    command: (file) => ['haproxy', '-db', '-f', file],
  },
  caddy: {
    file: 'Caddyfile',
    account: 'caddy',
    logs: ['log'],
    changes: (_folder, port) => [['desk.example.com {', `http://127.0.0.1:${port} {`]],
    whole: (_folder, config) => config.replace('{\n', '{\n\tadmin off\n'),
    command: (file) => ['caddy', 'run', '--adapter', 'caddyfile', '--config', file],
  },
} satisfies Record<string, Kind>

export const PROXIES = Object.keys(KINDS) as (keyof typeof KINDS)[]

/** Starts one before the desks on these two ports. */
export async function proxy(name: keyof typeof KINDS, desks: readonly [number, number]): Promise<Proxy> {
  const kind: Kind = KINDS[name]
  const make: Make = {
    account: kind.account,
    stopSignal: 'SIGKILL',
    programs: [name],
    packageName: name,
    serve(folder, port) {
      const file = join(folder, 'proxy.conf')
      const addresses: Change[] = [
        ['127.0.0.1:4001', `127.0.0.1:${desks[0]}`],
        ['127.0.0.1:4002', `127.0.0.1:${desks[1]}`],
      ]
      const config = changed(deployed(kind.file), [...addresses, ...kind.changes(folder, port)])
      writeFileSync(file, kind.whole(folder, config.replaceAll('60s', `${PATIENCE_S}s`)))
      return kind.command(file)
    },
    url: (port) => `http://127.0.0.1:${port}`,
    async ask(port) {
      const { status } = await fetch(`http://127.0.0.1:${port}/healthz`)
      if (status !== 200) throw new Error(`it answers with ${status}`)
    },
  }
  const server = await ServerProcess.start(make)
  return {
    port: server.port,
    log: () => kind.logs.map((file) => readFileSync(join(server.folder, file), 'utf8')).join(''),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

function deployed(file: string): string {
  return readFileSync(fileURLToPath(new URL(`../../../deploy/${file}`, import.meta.url)), 'utf8')
}

/** What is to be changed must be there: else it would be another configuration that is tested. */
function changed(config: string, changes: readonly Change[]): string {
  return changes.reduce((text, [what, by]) => {
    const next = text.replace(what, by)
    if (next === text) throw new Error(`The configuration has no ${what}.`)
    return next
  }, config)
}
