// Staff tell everybody something.
import { useId } from 'preact/hooks';
import type { Level } from '../../api/me-types';
import { announcements as api } from '../../api/personal';
import { t } from '../../i18n';
import { fieldErrors } from '../../i18n/problem';
import { Area, Field } from '../../parts/Field';
import { Form, useForm } from '../../parts/form';

const LEVELS: Level[] = ['info', 'warning', 'maintenance'];
const EMPTY = { title: '', text: '', level: 'info' as Level, link: '', image: '', ends: '' };

export function Announce({ onDone }: { onDone(): void }) {
  const form = useForm(EMPTY, async ({ title, text, level, link, image, ends }) => {
    await api.publish({
      title: title.trim(),
      text: text.trim(),
      level,
      link: link.trim() || null,
      image: image.trim() || null,
      ends_at: ends ? new Date(ends).toISOString() : null,
    });
    form.set(EMPTY);
    onDone();
  });
  const errors = fieldErrors(form.error);
  return (
    <details class="card fold">
      <summary>{t('news.announce')}</summary>
      <div class="fold-body">
        <Form form={form} verb={t('news.publish')}>
          <Field label={t('news.heading')} required maxLength={200} {...form.field('title')} />
          <Area
            label={t('news.text')}
            required
            maxLength={2000}
            rows={3}
            value={form.values.text}
            onValue={(text) => form.set({ text })}
            error={errors.text}
          />
          <fieldset class="choice-row">
            <legend>{t('news.level')}</legend>
            {LEVELS.map((level) => (
              <label key={level}>
                <input
                  type="radio"
                  name="level"
                  checked={form.values.level === level}
                  onChange={() => form.set({ level })}
                />
                {t(`news.level.${level}`)}
              </label>
            ))}
          </fieldset>
          <Field label={t('news.link')} hint={t('news.linkHint')} {...form.field('link')} />
          <Field label={t('news.image')} hint={t('news.imageHint')} {...form.field('image')} />
          <Moment label={t('news.ends')} value={form.values.ends} onValue={(ends) => form.set({ ends })} />
        </Form>
      </div>
    </details>
  );
}

function Moment({ label, value, onValue }: { label: string; value: string; onValue(value: string): void }) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="datetime-local"
        value={value}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
    </div>
  );
}
