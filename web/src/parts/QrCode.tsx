// The address as a QR code, drawn as one SVG path. The encoder is downloaded only where a code is shown.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

export function QrCode({ text, label }: { text: string; label: string }) {
  const shape = useSignal<{ size: number; path: string } | null>(null);
  useEffect(() => {
    void import('uqr').then(({ encode }) => {
      const { size, data } = encode(text, { ecc: 'M', border: 2 });
      shape.value = { size, path: squares(data) };
    });
  }, [text]);
  const size = shape.value?.size ?? 29;
  return (
    <svg
      class="qr"
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={label}
      shape-rendering="crispEdges"
    >
      <rect width={size} height={size} />
      {shape.value && <path d={shape.value.path} />}
    </svg>
  );
}

const squares = (rows: boolean[][]) =>
  rows.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
