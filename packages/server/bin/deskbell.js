#!/usr/bin/env node
// biome-ignore-all lint: This file must parse on every Node there ever was: ES5, and no import that old ones choke on.
var NEEDED = [24, 15]
var found = process.version.slice(1).split('.').map(Number)
var isNewEnough = found[0] > NEEDED[0] || (found[0] === NEEDED[0] && found[1] >= NEEDED[1])

if (isNewEnough) start()
else fail('Deskbell needs Node.js ' + NEEDED.join('.') + ' or newer; this is ' + process.version + '.')

function start() {
  var realpath = process.getBuiltinModule('fs').realpathSync
  var here = process.getBuiltinModule('url').pathToFileURL(realpath(process.argv[1]))
  var main = new URL('../dist/cli/main.js', here).href
  // Written as text, because old parsers do not know import().
  new Function('url', 'return import(url)')(main).then(run, explain)
}

function run(cli) {
  return cli.main(process.argv.slice(2))
}

function explain(error) {
  fail('Deskbell could not be loaded: ' + error.message)
}

function fail(message) {
  process.stderr.write(message + '\n')
  process.exitCode = 1
}
