// What one draws with, and how to take it away again.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Problem } from '../../api/problem';
import { t } from '../../i18n';
import { inWords } from '../../i18n/problem';
import { useAction } from '../../parts/action';
import { Confirm, type Question } from '../../parts/Confirm';
import { Failure } from '../../parts/Failure';
import { Icon } from '../../parts/Icon';
import type { Drawing } from '../../store/brief/sketches';
import { isAdmin } from '../../store/rights';
import { useEvent } from '../room/context';

export interface Pen {
  colour: string;
  /** A share of the image's width. */
  width: number;
}

const COLOURS = {
  red: '#d32f2f',
  blue: '#1a73e8',
  green: '#1b8a3a',
  yellow: '#f2b600',
  black: '#17211d',
  white: '#ffffff',
} as const;
const WIDTHS = { thin: 0.004, medium: 0.01, thick: 0.025 } as const;

export const PENS: Pen = { colour: COLOURS.red, width: WIDTHS.medium };

interface Props {
  drawing: Drawing;
  pen: Pen;
  onPen(pen: Pen): void;
  drawn: boolean;
  onDraw(on: boolean): void;
}

export function SketchTools({ drawing, pen, onPen, drawn, onDraw }: Props) {
  const event = useEvent();
  const question = useSignal<Question | null>(null);
  const clear = useAction(() => drawing.clear('mine'));
  const undo = useAction(() => drawing.undo());
  const me = event.me.membership?.user.id;
  const mine =
    drawing.strokes.value.some(({ author_id }) => author_id === me) || drawing.waiting.value.length > 0;
  const tools = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (drawn) tools.current?.scrollIntoView({ block: 'nearest' });
  }, [drawn]);
  const ask = () => {
    question.value = {
      title: t('sketch.clearTitle'),
      consequence: t('sketch.clearWhat', drawing.strokes.value.length, drawing.people.value),
      verb: t('sketch.clearAll'),
      danger: true,
      act: () => drawing.clear('all'),
    };
  };
  return (
    <div class="sketch-tools" ref={tools}>
      <div class="actions">
        <button type="button" class="button small" aria-pressed={drawn} onClick={() => onDraw(!drawn)}>
          <Icon name="pencil" />
          {t(drawn ? 'sketch.done' : 'sketch.draw')}
        </button>
        {drawn && drawing.last.value && (
          <button type="button" class="button small" disabled={undo.busy} onClick={() => void undo.run()}>
            {t('sketch.undo')}
          </button>
        )}
        {mine && (
          <button type="button" class="button small" disabled={clear.busy} onClick={() => void clear.run()}>
            {t('sketch.clearMine')}
          </button>
        )}
        {isAdmin(event) && drawing.strokes.value.length > 0 && (
          <button type="button" class="link-button danger" onClick={ask}>
            {t('sketch.clearAll')}
          </button>
        )}
      </div>
      <Waiting drawing={drawing} />
      {drawn && <Pens pen={pen} onPen={onPen} />}
      <Failure error={clear.error ?? undo.error} />
      {question.value && (
        <Confirm
          question={question.value}
          onClose={() => {
            question.value = null;
          }}
        />
      )}
    </div>
  );
}

function Waiting({ drawing: { waiting, held } }: Pick<Props, 'drawing'>) {
  const count = waiting.value.length;
  if (!count || !held.value) return null;
  const fast = held.value instanceof Problem && held.value.code === 'too_many_strokes';
  return (
    <p class="field-hint" role="status">
      {fast ? inWords(held.value) : t('sketch.waiting', count)}
    </p>
  );
}

function Pens({ pen, onPen }: Pick<Props, 'pen' | 'onPen'>) {
  return (
    <>
      <fieldset class="swatches">
        <legend class="visually-hidden">{t('sketch.colour')}</legend>
        {Object.entries(COLOURS).map(([name, colour]) => (
          <label key={name} class={pen.colour === colour ? 'chosen' : ''}>
            <input
              type="radio"
              name="colour"
              class="visually-hidden"
              checked={pen.colour === colour}
              aria-label={t(`sketch.colour.${name as keyof typeof COLOURS}`)}
              onChange={() => onPen({ ...pen, colour })}
            />
            <svg viewBox="0 0 20 20" aria-hidden="true">
              <circle cx="10" cy="10" r="8" fill={colour} />
            </svg>
          </label>
        ))}
      </fieldset>
      <fieldset class="swatches">
        <legend class="visually-hidden">{t('sketch.width')}</legend>
        {Object.entries(WIDTHS).map(([name, width]) => (
          <label key={name} class={pen.width === width ? 'chosen' : ''}>
            <input
              type="radio"
              name="width"
              class="visually-hidden"
              checked={pen.width === width}
              aria-label={t(`sketch.${name as keyof typeof WIDTHS}`)}
              onChange={() => onPen({ ...pen, width })}
            />
            <svg viewBox="0 0 20 20" aria-hidden="true">
              <circle cx="10" cy="10" r={2 + width * 200} fill="currentColor" />
            </svg>
          </label>
        ))}
      </fieldset>
    </>
  );
}
