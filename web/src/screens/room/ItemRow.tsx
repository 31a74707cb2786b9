// One assumption or criterion that stands, with what people propose about it right below.
import type { Item, Proposal } from '../../api/types';
import { t } from '../../i18n';
import { Diff } from '../../parts/Diff';
import { Icon } from '../../parts/Icon';
import { Menu } from '../../parts/Menu';
import { mayVote } from '../../store/rights';
import { Comments } from './Comments';
import type { Wish } from './Composer';
import { useEvent } from './context';
import { ProposalCard } from './ProposalCard';

interface Props {
  item: Item;
  number: number;
  proposals: Proposal[];
  onWish(wish: Wish): void;
}

export function ItemRow({ item, number, proposals, onWish }: Props) {
  const event = useEvent();
  const reference = `${t(item.kind === 'assumption' ? 'ref.assumption' : 'ref.criterion')}${number}`;
  return (
    <li class="item" id={`item-${item.id}`}>
      <span class="ref">{reference}</span>
      <div class="item-main">
        <div class="item-line">
          <p class="item-text">{item.content}</p>
          {mayVote(event) && <ItemMenu item={item} reference={reference} onWish={onWish} />}
        </div>
        <Original item={item} />
        {item.conclusion && <Conclusion text={item.conclusion} />}
        {item.kind === 'criterion' && (
          <div class="item-actions">
            {!item.conclusion && mayVote(event) && <Conclude item={item} onWish={onWish} />}
            <Comments subject={`criterion:${item.id}`} count={item.comment_count ?? 0} />
          </div>
        )}
      </div>
      {proposals.length > 0 && (
        <ul class="proposals">
          {proposals.map((proposal) => (
            <ProposalCard key={proposal.id} proposal={proposal} target={item} />
          ))}
        </ul>
      )}
    </li>
  );
}

function ItemMenu({ item, reference, onWish }: { item: Item; reference: string; onWish(wish: Wish): void }) {
  const kind = item.kind === 'assumption' ? 'assumption' : 'criterion';
  return (
    <Menu label={t('item.menu', reference)}>
      <button
        type="button"
        class="menu-item"
        onClick={() => onWish({ kind, category: 'MODIFICATION', target: item })}
      >
        {t('propose.change')}
      </button>
      <button
        type="button"
        class="menu-item"
        onClick={() => onWish({ kind, category: 'DELETION', target: item })}
      >
        {t('propose.delete')}
      </button>
      {kind === 'criterion' && (
        <button
          type="button"
          class="menu-item"
          onClick={() => onWish({ kind: 'conclusion', category: 'CREATION', target: item })}
        >
          {t('propose.conclusion')}
        </button>
      )}
    </Menu>
  );
}

function Original({ item }: { item: Item }) {
  if (!item.original_content || item.original_content === item.content) return null;
  return (
    <details class="original">
      <summary>{t('item.changed')}</summary>
      <Diff before={item.original_content} after={item.content} />
    </details>
  );
}

function Conclusion({ text }: { text: string }) {
  return (
    <div class="conclusion">
      <span class="conclusion-label">{t('item.conclusion')}</span>
      <p>{text}</p>
    </div>
  );
}

function Conclude({ item, onWish }: { item: Item; onWish(wish: Wish): void }) {
  return (
    <button
      type="button"
      class="quiet-button"
      onClick={() => onWish({ kind: 'conclusion', category: 'CREATION', target: item })}
    >
      <Icon name="plus" />
      {t('propose.conclusion')}
    </button>
  );
}
