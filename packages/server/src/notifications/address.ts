/** One plain address of the internet, to which a mail can go as it is. */
const PLAIN = /^[^\s<>()[\]\\,;:"@]+@[^\s<>()[\]\\,;:"@]+$/

/** Whether mail can be sent to what a host or a visitor gave as an address. */
export function isMailable(address: string | null): address is string {
  return address !== null && PLAIN.test(address)
}

/** How an address is kept where addresses are compared. */
export const addressKey = (address: string): string => address.trim().toLowerCase()

/** A name or a server's words as one line without control characters, cut at `length` characters. */
export function oneLine(text: string, length: number): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()
  return line.length <= length
    ? line
    : `${Array.from(line)
        .slice(0, length - 1)
        .join('')}…`
}
