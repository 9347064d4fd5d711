// Which network a request comes from: what attempts at codes are counted by, and nothing else (design 6: no addresses are kept).
import { isIPv6 } from 'node:net'

/** An IPv4 address as it is; of an IPv6 address the /64, because that is what one connection is given (RFC 6177, RFC 7934). */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped) return mapped
  const plain = address.replace(/%.*$/, '')
  if (!isIPv6(plain)) return address
  const [head = '', tail] = plain.split('::')
  const groups = (part: string | undefined) => (part ? part.split(':') : [])
  // An IPv4 ending takes the room of two groups.
  const room = (part: string[]) => part.length + (part.at(-1)?.includes('.') ? 1 : 0)
  const zeros = tail === undefined ? 0 : 8 - room(groups(head)) - room(groups(tail))
  const all = [...groups(head), ...Array<string>(Math.max(0, zeros)).fill('0'), ...groups(tail)]
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}
