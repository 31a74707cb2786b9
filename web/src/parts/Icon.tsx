// A small set of line drawings, drawn for this product; each is decoration beside a text or a label.

const PATHS = {
  close: 'M6 6l12 12M18 6L6 18',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  cross: 'M7 7l10 10M17 7L7 17',
  dash: 'M6 12h12',
  plus: 'M12 5v14M5 12h14',
  pencil: 'M5 19l1-4L16.5 4.5l3 3L9 18l-4 1z',
  bin: 'M5 7h14M10 7V5h4v2M7 7l1 12h8l1-12',
  flag: 'M6 20V5c4-2 8 2 12 0v9c-4 2-8-2-12 0',
  talk: 'M5 6h14v10H11l-4 3.5V16H5z',
  more: 'M6 12h.01M12 12h.01M18 12h.01',
  up: 'M12 19V6M6.5 11.5L12 6l5.5 5.5',
  down: 'M12 5v13M6.5 12.5L12 18l5.5-5.5',
  grip: 'M9 7h.01M9 12h.01M9 17h.01M15 7h.01M15 12h.01M15 17h.01',
  room: 'M4 6h16M4 12h16M4 18h10',
  ballot: 'M6 4h12v16H6zM9 9h6M9 13h6',
  activity: 'M4 13h4l3-8 3 14 2-6h4',
  people:
    'M9 11a3.2 3.2 0 1 0 0-6.4A3.2 3.2 0 0 0 9 11zM3.5 19c.6-3.4 2.8-5 5.5-5s4.9 1.6 5.5 5M16 5.200a3 3 0 0 1 0 5.600M17.5 14.300c1.7.7 2.7 2.3 3 4.7',
  result: 'M5 20V11M12 20V4M19 20v-6',
  screen: 'M4 5h16v11H4zM9 20h6',
  back: 'M19 12H6M11.5 6.500L6 12l5.5 5.5',
  link: 'M10 14l4-4M8.5 11L6 13.500a3.2 3.2 0 0 0 4.5 4.500L13 15.500M11 8.500L13.5 6A3.2 3.2 0 0 1 18 10.500L15.5 13',
  person: 'M12 12a3.6 3.6 0 1 0 0-7.2 3.6 3.6 0 0 0 0 7.200zM5 20c.8-4 3.5-6 7-6s6.2 2 7 6',
  clip: 'M18.5 11.500l-6.800 6.800a4.200 4.200 0 0 1-6-6L13 5a2.900 2.900 0 0 1 4.100 4.100l-7 7a1.400 1.400 0 0 1-2-2l6.200-6.200',
  file: 'M7 4h7l4 4v12H7zM14 4v4h4',
  bell: 'M6 17c1.500-1.500 1.500-3 1.500-6a4.500 4.500 0 0 1 9 0c0 3 0 4.500 1.500 6zM10.500 20h3',
  undo: 'M8 5L4 9l4 4M4 9h10a5.5 5.5 0 0 1 0 11H9',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class={`icon icon-${name}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The mark of the house: a seal, the old way of saying yes for good. */
export function Seal({ stamped = false }: { stamped?: boolean }) {
  return (
    <svg class={`seal ${stamped ? 'stamped' : ''}`} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect x="1.5" y="1.5" width="29" height="29" rx="9" />
      <path d="M9 16.8l4.8 5L23.4 10.6" />
    </svg>
  );
}
