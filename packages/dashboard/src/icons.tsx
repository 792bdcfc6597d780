const DRAWINGS = {
  person: 'M10 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM4 16.5c.6-2.6 3-4 6-4s5.4 1.4 6 4',
  bell: 'M3.5 14.5h13M5 14.5a5 5 0 0 1 10 0M10 9.5V7M8.3 6.5h3.4',
  back: 'M12 4.5 6.5 10l5.5 5.5',
  archive: 'M3 4.5h14v3H3zM4.5 7.5v7a1.5 1.5 0 0 0 1.5 1.5h8a1.5 1.5 0 0 0 1.5-1.5v-7M8 11h4',
  restore: 'M4 8.5h8.5a3.75 3.75 0 0 1 0 7.5H9M7 5 3.5 8.5 7 12',
  send: 'M10 16V4.5M5 9.5l5-5 5 5',
  down: 'M10 4v11.5M5 10.5l5 5 5-5',
  help: 'M7.4 7.6A2.7 2.7 0 0 1 10 5.5c1.5 0 2.7 1 2.7 2.4 0 1.9-2.7 2.1-2.7 3.9M10 14.6v.01',
  close: 'm5.5 5.5 9 9M14.5 5.5l-9 9',
  details: 'M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15ZM10 9.5v4M10 6.6v.01',
  settings:
    'M3.5 6.5h6M14 6.5h2.5M3.5 13.5H6M10.5 13.5h6M11.75 4.25a2.25 2.25 0 1 0 0 4.5 2.25 2.25 0 0 0 0-4.5ZM8.25 11.25a2.25 2.25 0 1 0 0 4.5 2.25 2.25 0 0 0 0-4.5Z',
  search: 'M9 14.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11ZM13 13l4 4',
  'sign-out': 'M8 4H5.5A1.5 1.5 0 0 0 4 5.5v9A1.5 1.5 0 0 0 5.5 16H8M12.5 13.5 16 10l-3.5-3.5M15.5 10H8',
  system: 'M3 4.5h14v9H3zM7.5 16.5h5M10 13.5v3',
  light:
    'M10 13a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM10 2.5v1.2M10 16.3v1.2M2.5 10h1.2M16.3 10h1.2M4.7 4.7l.8.8M14.5 14.5l.8.8M15.3 4.7l-.8.8M5.5 14.5l-.8.8',
  dark: 'M16 11.5A6.5 6.5 0 0 1 8.5 4a6.5 6.5 0 1 0 7.5 7.5Z',
  chats:
    'M4.5 4h11A1.5 1.5 0 0 1 17 5.5v7a1.5 1.5 0 0 1-1.5 1.5H9l-4 3v-3h-.5A1.5 1.5 0 0 1 3 12.5v-7A1.5 1.5 0 0 1 4.5 4Z',
  mail: 'M3 5h14v10H3zM3.5 5.5 10 10.5l6.5-5',
  warning: 'M10 6.5v4M10 13.6v.01M10 2.8l7.6 13.7H2.4z',
}

interface IconProps {
  name: keyof typeof DRAWINGS
  className?: string
}

/** A decoration beside words, or inside a control that has a name. Drawn on a 20 × 20 grid. */
export function Icon({ name, className = 'size-5' }: IconProps) {
  return (
    <svg
      aria-hidden="true"
      className={`shrink-0 ${className}`}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={DRAWINGS[name]} />
    </svg>
  )
}
