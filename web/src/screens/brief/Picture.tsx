// An image in the brief and what is drawn on it, live. Who does not see it is told what there is.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { imageUrl } from '../../api/brief';
import type { Block } from '../../api/types';
import { t } from '../../i18n';
import { Failure } from '../../parts/Failure';
import type { Drawing } from '../../store/brief/sketches';
import { mayWrite } from '../../store/rights';
import { useEvent } from '../room/context';
import { useBrief } from './context';
import { fill, paint } from './paint';
import { PENS, type Pen, SketchTools } from './SketchTools';
import { useHand } from './useHand';

export function Picture({ block, image }: { block: Block; image: string }) {
  const { text, width, height } = block;
  const brief = useBrief();
  const may = mayWrite(useEvent());
  const drawing = brief.sketches.of(image);
  const missing = useSignal(false);
  const drawn = useSignal(false);
  const pen = useSignal<Pen>(PENS);
  const count = drawing.strokes.value.length;
  return (
    <figure class="picture">
      <div class={`picture-box ${missing.value ? 'missing' : ''}`} style={room(block)}>
        {missing.value ? (
          <p>{t('brief.imageGone')}</p>
        ) : (
          <img
            src={imageUrl(brief.id, image)}
            alt={text}
            {...(width && height ? { width, height } : {})}
            loading="lazy"
            onError={() => {
              missing.value = true;
            }}
          />
        )}
        <Canvas drawing={drawing} pen={drawn.value && may ? pen.value : null} />
      </div>
      <figcaption>
        {text}
        <span class="by">{count ? t('sketch.said', count, drawing.people.value) : t('sketch.none')}</span>
      </figcaption>
      {may && (
        <SketchTools
          drawing={drawing}
          pen={pen.value}
          onPen={(next) => {
            pen.value = next;
          }}
          drawn={drawn.value}
          onDraw={(on) => {
            drawn.value = on;
          }}
        />
      )}
      <Failure error={drawing.error.value} />
    </figure>
  );
}

/** The room that the image will take, so that nothing below it moves when it arrives. */
const room = ({ width, height }: Block): Record<string, string> =>
  width && height ? { '--natural': `${width}px`, '--ratio': `${width / height}` } : {};

function Canvas({ drawing, pen }: { drawing: Drawing; pen: Pen | null }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const hand = useHand(drawing, pen);
  const strokes = [...drawing.strokes.value, ...drawing.waiting.value];
  const shown = useRef(strokes);
  shown.current = hand.now ? [...strokes, hand.now as never] : strokes;
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const watch = new ResizeObserver(() => {
      fill(element);
      paint(element, shown.current);
    });
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  useEffect(() => {
    if (canvas.current) paint(canvas.current, shown.current);
  });
  const said = drawing.strokes.value.length;
  return (
    <canvas
      ref={canvas}
      class={pen ? 'drawn' : ''}
      role="img"
      aria-label={said ? t('sketch.said', said, drawing.people.value) : t('sketch.none')}
      data-strokes={said}
      {...hand.events}
    />
  );
}
