// An event that has not started tells its owner what to do next.
import { t } from '../../i18n';
import { Icon } from '../../parts/Icon';
import { StatusButtons } from '../manage/StatusButtons';
import { useEvent } from './context';

export function FirstSteps() {
  const event = useEvent();
  const steps: [boolean, string, string][] = [
    [event.options.length > 1, t('first.options'), `/events/${event.id}/manage`],
    [event.criteria.length > 0, t('first.criteria'), `/events/${event.id}/manage`],
    [event.counts.members > 1, t('first.people', event.entrance_code), `/events/${event.id}/stage`],
  ];
  return (
    <section class="card first-steps" aria-labelledby="first">
      <h2 id="first">{t('first.title')}</h2>
      <ol>
        {steps.map(([done, label, href]) => (
          <li key={label} class={done ? 'done' : ''}>
            <span class="step-mark" aria-hidden="true">
              {done && <Icon name="check" />}
            </span>
            <a href={href}>{label}</a>
            {done && <span class="visually-hidden">{t('first.done')}</span>}
          </li>
        ))}
      </ol>
      <p>{t('first.start')}</p>
      <StatusButtons />
    </section>
  );
}
