// One connection is one source, however it is written.
import { expect, test } from 'vitest'
import { readConfig } from '#app/config.js'
import { networkOf } from '#app/identity/network.js'

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['::FFFF:203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002:ffff::1', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:db8:1:2::192.0.2.1', '2001:db8:1:2::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::', '0:0:0:0::/64'],
  ['no address', 'no address'],
])('%s is of %s', (address, network) => expect(networkOf(address)).toBe(network))

const configured = (TRUST_PROXY?: string) => readConfig({ TRUST_PROXY }).trustProxy

test.each([
  [undefined, undefined],
  ['1', 1],
  ['10', 10],
  ['10.0.0.1', '10.0.0.1'],
  ['10.0.0.0/8, 2001:db8::/32', '10.0.0.0/8, 2001:db8::/32'],
  ['loopback,uniquelocal', 'loopback,uniquelocal'],
])('TRUST_PROXY=%s is understood', (text, meant) => expect(configured(text)).toBe(meant))

test.each(['true', '0', '11', '-1', '*', '', 'proxy.example', '10.0.0.1/33', '10.0.0.0/8/8', '10.0.0.1,', '1,2'])(
  'TRUST_PROXY=%s is refused, by name',
  (text) => expect(() => configured(text)).toThrow(/Not started: TRUST_PROXY: /),
)
