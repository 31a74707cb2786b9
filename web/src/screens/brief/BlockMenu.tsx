// What else can be done with a block.
import { useSignal } from '@preact/signals';
import { briefs as api, locks } from '../../api/brief';
import type { Block } from '../../api/types';
import { t } from '../../i18n';
import { ago } from '../../i18n/format';
import { useAction } from '../../parts/action';
import { Confirm, type Question } from '../../parts/Confirm';
import { Failure } from '../../parts/Failure';
import { Menu } from '../../parts/Menu';
import type { Held } from '../../store/brief/locks';
import { isAdmin, isMe, mayVote, mayWrite } from '../../store/rights';
import { useEvent } from '../room/context';
import { useBrief } from './context';
import { History } from './History';
import { MakeProposal } from './MakeProposal';
import type { Order } from './order';

interface Props {
  block: Block;
  index: number;
  of: number;
  order: Order;
  held: Held | undefined;
  onWrite(): void;
  onAdd(): void;
  onRemoved(block: Block): void;
}

export function BlockMenu({ block, index, of, order, held, onWrite, onAdd, onRemoved }: Props) {
  const brief = useBrief();
  const event = useEvent();
  const shown = useSignal<'history' | 'make' | Question | null>(null);
  const show = (what: typeof shown.value) => () => {
    shown.value = what;
  };
  const close = show(null);
  const remove = useAction(async () => {
    const gone = await api.remove(brief.id, block.id, block.version);
    brief.heard(gone);
    onRemoved(gone);
  });
  const may = mayWrite(event);
  const other = held && !isMe(event, held.holder) ? held : undefined;
  const item = (words: string, act: () => void, look = '') => (
    <button type="button" class={`menu-item ${look}`} onClick={act}>
      {words}
    </button>
  );
  return (
    <>
      <Menu label={t('brief.menu', index + 1)}>
        <p class="menu-note">{t('brief.version', block.version, block.author.name, ago(block.updated_at))}</p>
        {may && item(t('brief.edit'), onWrite)}
        {may && item(t('brief.addBelow'), onAdd)}
        {may && index > 0 && item(t('brief.up'), () => order.move(block.id, index - 1))}
        {may && index < of - 1 && item(t('brief.down'), () => order.move(block.id, index + 1))}
        {mayVote(event) && item(t('brief.propose'), show('make'))}
        {item(t('brief.history'), show('history'))}
        {other && isAdmin(event) && item(t('brief.break'), show(breaking(brief.id, other, block)), 'danger')}
        {may && !other && item(t('brief.remove'), () => void remove.run(), 'danger')}
      </Menu>
      <Failure error={remove.error} />
      {shown.value === 'history' && <History block={block} onClose={close} />}
      {shown.value === 'make' && <MakeProposal block={block} onClose={close} />}
      {shown.value && typeof shown.value === 'object' && <Confirm question={shown.value} onClose={close} />}
    </>
  );
}

const breaking = (eventId: string, { holder }: Held, block: Block): Question => ({
  title: t('brief.breakTitle', holder.name),
  consequence: t('brief.breakWhat', holder.name),
  verb: t('brief.breakDo'),
  danger: true,
  act: () => locks.release(eventId, block.id),
});
