// Under one's own last words in a conversation of two: whether they arrived, and whether they were read.
import { t } from '../../i18n';
import { usePlace } from './context';

export function ReceiptLine() {
  const { talk, direct } = usePlace();
  const last = talk.log.value.messages.at(-1);
  const about = talk.about.value;
  if (!direct || !about || !last || last.author?.id !== talk.me.id || last.deleted) return null;
  if (talk.out.value.length > 0) return null;
  const read = (about.other_read_seq ?? 0) >= last.seq;
  const delivered = (about.other_delivered_seq ?? 0) >= last.seq;
  return (
    <p class="said-state receipt" role="status">
      {t(read ? 'talk.read' : delivered ? 'talk.delivered' : 'talk.sent')}
    </p>
  );
}
