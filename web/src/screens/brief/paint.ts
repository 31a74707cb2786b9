// Strokes on a canvas: points are shares of the image, so that every screen shows the same drawing.
import type { Stroke } from '../../api/types';

type Line = Pick<Stroke, 'points' | 'colour' | 'width'>;

export function paint(canvas: HTMLCanvasElement, strokes: Line[]): void {
  const pen = canvas.getContext('2d');
  if (!pen) return;
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.lineCap = pen.lineJoin = 'round';
  for (const stroke of strokes) paintOne(pen, canvas, stroke);
}

/** Through the middle between each two points: what a hand draws has no corners. */
function paintOne(pen: CanvasRenderingContext2D, { width, height }: HTMLCanvasElement, line: Line): void {
  const [first, ...rest] = line.points.map(([x, y]) => [x * width, y * height] as const);
  if (!first) return;
  pen.strokeStyle = line.colour;
  pen.lineWidth = Math.max(1, line.width * width);
  pen.beginPath();
  pen.moveTo(...first);
  let last = first;
  for (const point of rest) {
    pen.quadraticCurveTo(...last, (last[0] + point[0]) / 2, (last[1] + point[1]) / 2);
    last = point;
  }
  pen.lineTo(...last);
  pen.stroke();
}

/** The pixels that a canvas has, not those that its box is measured in. */
export function fill(canvas: HTMLCanvasElement): void {
  const { width, height } = canvas.getBoundingClientRect();
  const ratio = devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
}
