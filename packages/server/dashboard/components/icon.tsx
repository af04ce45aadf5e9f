/** The icons of the dashboard, drawn on 16 by 16. */
const paths = {
  vault: 'M2.5 3.5h11v9h-11zM8 6v1.2M8 8.8V10M6 8h1.2M8.8 8H10M4.5 12.5v1.2M11.5 12.5v1.2',
  key: 'M10.3 8.2a3 3 0 1 0-2.5-2.5L2.5 11v2.5H5V12h1.5v-1.5H8l2.3-2.3ZM11 5h.01',
  agent: 'M3.5 6.5h9v6h-9zM8 6.5V4M8 2.8v.01M6 9.2v.01M10 9.2v.01M1.8 8.5v2M14.2 8.5v2',
  reach: 'M2.5 2.5h4v4h-4zM9.5 2.5h4v4h-4zM2.5 9.5h4v4h-4zM9.5 9.5h4v4h-4z',
  policy: 'M8 2 3 4v3.5c0 3 2 5.2 5 6.5 3-1.3 5-3.5 5-6.5V4L8 2ZM6 8l1.5 1.5L10.3 6.6',
  audit: 'M3.5 2.5h9v11h-9zM6 5.5h4M6 8h4M6 10.5h2.5',
  settings: 'M2.5 5h6M11.5 5h2M2.5 11h2M7.5 11h6M10 3.5v3M6 9.5v3',
  home: 'M2.5 7.5 8 3l5.5 4.5M4 6.5v6.5h8V6.5',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM10.5 10.5l3 3',
  plus: 'M8 3v10M3 8h10',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  eye: 'M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8ZM8 9.8a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6Z',
  hide: 'M2 2l12 12M6.5 4A6 6 0 0 1 8 3.5C12 3.5 14.5 8 14.5 8a12 12 0 0 1-1.8 2.3M9.8 12A6 6 0 0 1 8 12.5C4 12.5 1.5 8 1.5 8a11 11 0 0 1 2.3-2.8',
  check: 'm3 8.5 3.2 3L13 4.5',
  cross: 'm4 4 8 8M12 4l-8 8',
  right: 'm6 3.5 4.5 4.5L6 12.5',
  left: 'M10 3.5 5.5 8l4.5 4.5',
  folder: 'M1.8 4h4.4l1.3 1.5h6.7v7H1.8z',
  warn: 'M8 2 1.5 13.5h13L8 2ZM8 6.5v3.2M8 11.6v.01',
  clock: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 4.8V8l2.2 1.4',
  down: 'M8 2.5v8M4.5 7.5 8 11l3.5-3.5M2.5 13.5h11',
  up: 'M8 11V3M4.5 6 8 2.5 11.5 6M2.5 13.5h11',
  sun: 'M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6ZM8 1.5v1M8 13.5v1M1.5 8h1M13.5 8h1M3.4 3.4l.7.7M11.9 11.9l.7.7M3.4 12.6l.7-.7M11.9 4.1l.7-.7',
  stop: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM3.8 3.8l8.4 8.4',
  person: 'M8 8a2.8 2.8 0 1 0 0-5.6A2.8 2.8 0 0 0 8 8ZM2.8 13.8c.5-2.6 2.6-4 5.2-4s4.7 1.4 5.2 4',
  leave: 'M6.5 2.5h-4v11h4M7 8h7M11 5l3 3-3 3',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  turn: 'M13 8a5 5 0 1 1-1.6-3.7M13.2 2v3h-3',
  dice: 'M2.5 2.5h11v11h-11zM5.5 5.5v.01M10.5 10.5v.01M8 8v.01M10.5 5.5v.01M5.5 10.5v.01',
  play: 'M5 3.5v9l7-4.5z',
  bell: 'M4 11V7a4 4 0 0 1 8 0v4l1 1.5H3L4 11ZM6.8 14.2h2.4',
  share: 'M8 9.5V2.5M5 5l3-3 3 3M3.5 8v5.5h9V8',
  shroud:
    'M2.5 8c0-3 2.5-5.5 5.5-5.5S13.5 5 13.5 8v5.5l-2-1.3-1.7 1.3L8 12.2l-1.8 1.3-1.7-1.3-2 1.3zM6 7.2v.01M10 7.2v.01',
  hook: 'M6.5 5.5a2.2 2.2 0 1 1 2.6 2.2l-1.8 3M6.4 7.4 4.6 10.6M4.6 10.6a1.6 1.6 0 1 0 .01 0M7.3 11.9H11M12.4 10.3a1.6 1.6 0 1 0 .01 0',
  app: 'M2.5 2.5h4.5v4.5h-4.5zM9 2.5h4.5v4.5H9zM2.5 9h4.5v4.5h-4.5zM11.2 9v4.5M9 11.2h4.5',
  platform: 'M2.5 5 8 2.5 13.5 5 8 7.5 2.5 5ZM2.5 8 8 10.5 13.5 8M2.5 11 8 13.5 13.5 11',
  treasury: 'M2.5 6.5 8 3l5.5 3.5zM4 7v5M6.7 7v5M9.3 7v5M12 7v5M2.5 12.8h11',
  link: 'M6.5 9.5l3-3M7 4.5l1.5-1.5a2.8 2.8 0 0 1 4 4L11 8.5M9 11.5 7.5 13a2.8 2.8 0 0 1-4-4L5 7.5',
  bin: 'M2.5 4.5h11M6 4.5v-2h4v2M4 4.5l.6 9h6.8l.6-9M6.7 7v4M9.3 7v4',
} as const

export type IconName = keyof typeof paths

/** An icon beside a text. It is hidden from screen readers, which read the text. */
export function Icon({ name, className = '' }: { readonly name: IconName; readonly className?: string }) {
  return (
    <svg className={`icon ${className}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  )
}
