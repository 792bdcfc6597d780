// One round of bin/dev: what changed is built, then the demo runs until the next change.
import { execFileSync } from 'node:child_process'

execFileSync('sh', ['bin/build'], { stdio: 'inherit' })
const { main } = await import('../packages/server/dist/cli/main.js')
await main(['start', '--demo', ...process.argv.slice(2)])
