// The heart of the room: what is chosen between, what is taken for granted, and how it will be judged.
import { useSignal } from '@preact/signals';
import type { Event, Item } from '../../api/types';
import { t } from '../../i18n';
import { Icon } from '../../parts/Icon';
import { useSettled } from '../../parts/settled';
import { isPending } from '../../store/fold';
import { mayVote, watches } from '../../store/rights';
import { Composer, type Wish } from './Composer';
import { useEvent } from './context';
import { Decided } from './Decided';
import { ItemRow } from './ItemRow';
import { ProposalCard } from './ProposalCard';
import { State } from './State';
import { Todo } from './Todo';

export function Decide() {
  const event = useEvent();
  const wish = useSignal<Wish | null>(null);
  const ask = (next: Wish) => {
    wish.value = next;
  };
  return (
    <>
      <State />
      <Todo />
      <section class="block" aria-labelledby="options">
        <SectionHead id="options" title={t('section.options')} hint={t('section.optionsHint')} />
        <ol class="items">
          {event.options.map((item, index) => (
            <li class="item option" key={item.id}>
              <span class="ref" aria-hidden="true">
                {index + 1}
              </span>
              <p class="item-text">{item.content}</p>
            </li>
          ))}
        </ol>
        {event.status !== 'NOT_STARTED' && (
          <a class="button" href={`/events/${event.id}/${event.status === 'FINISHED' ? 'result' : 'ballot'}`}>
            {t(nextStep(event))}
          </a>
        )}
      </section>
      <ItemSection kind="assumption" items={event.assumptions} onWish={ask} />
      <ItemSection kind="criterion" items={event.criteria} onWish={ask} />
      {wish.value && (
        <Composer
          wish={wish.value}
          onClose={() => {
            wish.value = null;
          }}
        />
      )}
    </>
  );
}

function nextStep(event: Event) {
  if (event.status === 'FINISHED') return 'state.seeResult';
  if (watches(event)) return 'ballot.watch';
  return event.me.has_ballot ? 'ballot.recast' : 'ballot.go';
}

function SectionHead({ id, title, hint }: { id: string; title: string; hint: string }) {
  return (
    <header class="block-head">
      <h2 id={id}>{title}</h2>
      <p>{hint}</p>
    </header>
  );
}

interface SectionProps {
  kind: 'assumption' | 'criterion';
  items: Item[];
  onWish(wish: Wish): void;
}

function ItemSection({ kind, onWish, ...rest }: SectionProps) {
  const event = useEvent();
  const items = useSettled(rest.items);
  const mine = event.proposals.filter(
    (one) => one.kind === kind || (kind === 'criterion' && one.kind === 'conclusion'),
  );
  const pending = useSettled(mine.filter(isPending));
  const decided = useSettled(mine.filter((one) => !isPending(one)));
  const live = new Set(items.map(({ id }) => id));
  const additions = pending.filter((one) => !(one.target_id && live.has(one.target_id)));
  const plural = kind === 'assumption' ? 'assumptions' : 'criteria';
  return (
    <section class="block" aria-labelledby={plural}>
      <SectionHead id={plural} title={t(`section.${plural}`)} hint={t(`section.${plural}Hint`)} />
      {items.length === 0 && <p class="empty">{t(`section.${plural}None`)}</p>}
      <ol class="items">
        {items.map((item, index) => (
          <ItemRow
            key={item.id}
            item={item}
            number={index + 1}
            proposals={pending.filter((one) => one.target_id === item.id)}
            onWish={onWish}
          />
        ))}
      </ol>
      {additions.length > 0 && (
        <ul class="proposals additions">
          {additions.map((proposal) => (
            <ProposalCard key={proposal.id} proposal={proposal} />
          ))}
        </ul>
      )}
      {mayVote(event) && (
        <button type="button" class="button add" onClick={() => onWish({ kind, category: 'CREATION' })}>
          <Icon name="plus" />
          {t(`propose.${kind}`)}
        </button>
      )}
      <Decided proposals={decided} />
    </section>
  );
}
