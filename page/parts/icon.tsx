/** @file Signs of the page, drawn in lines of the text's colour. They are never alone: words stand beside them or in a label. */

const drawn = {
  home: 'M3 9.5 10 3.5l7 6M5 8.5V16.5h10V8.5',
  pictures: 'M3 4.5h14v11H3zM3 13l4-4 3.5 3.5L13 10l4 4M12.5 7.5h.01',
  train: 'M3 4c1.5 8 4.5 11 14 11.5M3 4v12.5h14',
  generate: 'M10 3v4M10 13v4M3 10h4M13 10h4M5.5 5.5 7 7M13 13l1.5 1.5M14.5 5.5 13 7M7 13l-1.5 1.5',
  compare: 'M3.5 4h5.5v12H3.5zM11 4h5.5v12H11z',
  adapters: 'M3.5 3.5h5v5h-5zM11.5 3.5h5v5h-5zM3.5 11.5h5v5h-5zM14 11.5v5M11.5 14h5',
  experiments: 'M8 3v5L4 15.5a.7.7 0 0 0 .6 1h10.8a.7.7 0 0 0 .6-1L12 8V3M6.5 3h7M6 12.5h8',
  settings: 'M3 6h8M15 6h2M3 14h2M9 14h8M13 4v4M7 12v4',
  more: 'M4 9.6v.8M4.6 10h-1.2M10 9.6v.8M10.6 10H9.4M16 9.6v.8M16.6 10h-1.2',
  waiting: 'M10 4a6 6 0 1 0 0 12 6 6 0 0 0 0-12',
  play: 'M6 4v12l10-6z',
  pause: 'M7 4.5v11M13 4.5v11',
  close: 'M5 5l10 10M15 5 5 15',
  add: 'M10 4v12M4 10h12',
  check: 'M4 10.5 8.5 15 16 6',
  warning: 'M10 3 2.5 16.5h15zM10 8.5v3.5M10 14.5h.01',
  copy: 'M7 7h9v9.5H7zM13 7V3.5H4V13h3',
  upload: 'M10 13V4M6 8l4-4 4 4M3.5 13v3.5h13V13',
  left: 'M12 4 6 10l6 6',
  right: 'M8 4l6 6-6 6',
  star: 'M10 2.8l2.2 4.6 5 .7-3.6 3.5.9 5L10 14.2l-4.5 2.4.9-5-3.6-3.5 5-.7z',
  dice: 'M3.5 3.5h13v13h-13zM7 7h.01M13 7h.01M10 10h.01M7 13h.01M13 13h.01',
  trash: 'M3.5 5.5h13M8 5.5V3.5h4v2M5 5.5l.8 11h8.4l.8-11M8.3 8.5v5M11.7 8.5v5',
  brush:
    'M16.5 3.5 9 11M9 11c-2-.6-4 .5-4.3 2.6-.2 1.5-1 2.4-2.2 2.9 2.5.9 6.5.6 7.5-2 .5-1.3.1-2.7-1-3.5z',
  undo: 'M7 4 3.5 7.5 7 11M3.5 7.5H12a4.5 4.5 0 0 1 0 9H8',
  download: 'M10 3.5V13M6 9l4 4 4-4M3.5 13v3.5h13V13',
} as const;

export type IconName = keyof typeof drawn;

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={drawn[name]} />
    </svg>
  );
}
