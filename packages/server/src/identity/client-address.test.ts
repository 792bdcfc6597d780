import { expect, test } from 'vitest'
import { addressGroup, clientAddress } from './client-address.ts'

const forwarded = new Headers({ 'x-forwarded-for': '6.6.6.6, 203.0.113.9, 10.0.0.2' })

test('without a trusted proxy nobody can invent their address', () => {
  expect(clientAddress(forwarded, '192.0.2.1', 0)).toBe('192.0.2.1')
})

test('each trusted proxy is one entry from the right', () => {
  expect(clientAddress(forwarded, '10.0.0.1', 1)).toBe('10.0.0.2')
  expect(clientAddress(forwarded, '10.0.0.1', 2)).toBe('203.0.113.9')
})

test('a request that came past the proxies has the address of its peer', () => {
  expect(clientAddress(new Headers(), '192.0.2.1', 2)).toBe('192.0.2.1')
})

test.each([
  ['203.0.113.9:51234', '203.0.113.9'],
  ['[2001:db8::1]:51234', '2001:db8::1'],
  ['[2001:db8::1]', '2001:db8::1'],
  ['2001:db8::1', '2001:db8::1'],
])('a proxy that writes %s has seen %s', (hop, address) => {
  expect(clientAddress(new Headers({ 'x-forwarded-for': hop }), '10.0.0.1', 1)).toBe(address)
})

test.each([
  ['an IPv4 address', '192.0.2.1', '192.0.2.1'],
  ['one that is mapped into IPv6', '::ffff:192.0.2.1', '192.0.2.1'],
  ['one that is mapped, in upper case', '::FFFF:192.0.2.1', '192.0.2.1'],
  ['one that is mapped, in hexadecimal', '::ffff:c000:201', '192.0.2.1'],
  ['one that is mapped, in full', '0000:0000:0000:0000:0000:ffff:c000:0201', '192.0.2.1'],
  ['one that is mapped, of few digits', '::ffff:1:2', '0.1.0.2'],
  ['one that was translated', '64:ff9b::192.0.2.1', '192.0.2.1'],
  ['an IPv6 address', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['its neighbour', '2001:db8:1:2:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
  ['in upper case with zeros', '2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
  ['the next household', '2001:db8:1:3::9', '2001:db8:1:3::/64'],
  ['zeros left out at the end', '2001:db8::', '2001:db8:0:0::/64'],
  ['zeros left out in the middle', '2001:db8::5:6:7:8', '2001:db8:0:0::/64'],
  ['a single group left out', '2001:db8:1::5:6:7:8', '2001:db8:1:0::/64'],
  ['zeros left out at the beginning', '::2:3:4:5:6', '0:0:0:2::/64'],
  ['the own machine', '::1', '0:0:0:0::/64'],
  ['a zone', 'fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['a mapped address with a zone', '::ffff:192.0.2.1%3', '192.0.2.1'],
  ['nothing', '', ''],
  ['a name', 'unknown', 'unknown'],
  ['colons', ':::', ':::'],
  ['too many groups', '1:2:3:4:5:6:7:8:9', '1:2:3:4:5:6:7:8:9'],
  ['an address of a URL', '::1]/@evil', '::1]/@evil'],
])('what counts as one address: %s', (_what, address, group) => {
  expect(addressGroup(address)).toBe(group)
})
