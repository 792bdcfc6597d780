import { linkify } from '@deskbell/client/text'

/** What someone wrote, as text: its addresses can be followed, and nothing else in it does anything. */
export function Text({ content }: { content: string }) {
  return linkify(content).map(({ text, href }, index) =>
    href === null ? (
      text
    ) : (
      <a
        // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text never change places
        key={index}
        href={href}
        target="_blank"
        rel="noopener noreferrer nofollow"
        className="text-accent underline underline-offset-2"
      >
        {text}
      </a>
    ),
  )
}
