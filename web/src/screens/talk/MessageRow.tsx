// One message: who, what, when; what it replies to; and a menu of what can be done about it.
import { useSignal } from '@preact/signals';
import type { Message, Quote } from '../../api/talk-types';
import { t } from '../../i18n';
import { clockTime } from '../../i18n/format';
import { Avatar } from '../../parts/Avatar';
import { usePlace } from './context';
import { EditForm } from './EditForm';
import { Files } from './Files';
import { MessageMenu } from './MessageMenu';
import { systemWords } from './system';
import { Words } from './Words';

interface Props {
  message: Message;
  /** The same person, a moment later. */
  goesOn: boolean;
}

export function MessageRow({ message, goesOn }: Props) {
  const { talk } = usePlace();
  if (message.kind === 'system')
    return (
      <li class="said-system" data-seq={message.seq}>
        {message.system && systemWords(message.system)} <Time at={message.created_at} />
      </li>
    );
  const mine = message.author?.id === talk.me.id;
  const look = [`said`, mine && 'own', goesOn && 'goes-on', callsMe(message, talk.me.id) && 'calls-me'];
  return (
    <li class={look.filter(Boolean).join(' ')} data-seq={message.seq} id={`said-${message.id}`} tabIndex={-1}>
      {!goesOn && <Avatar name={message.author?.name ?? '?'} />}
      <div class="said-body">
        <p class={goesOn ? 'by visually-hidden' : 'by'}>
          <strong>{message.author?.name ?? t('talk.somebody')}</strong> <Time at={message.created_at} />
        </p>
        <Said message={message} />
      </div>
    </li>
  );
}

function Said({ message }: { message: Message }) {
  const { talk, writes } = usePlace();
  const editing = useSignal(false);
  if (message.deleted) return <p class="said-gone">{t(`talk.removed.${message.deleted}`)}</p>;
  return (
    <>
      {message.reply_to && <QuoteOf quote={message.reply_to} />}
      {editing.value ? (
        <EditForm
          message={message}
          onClose={() => {
            editing.value = false;
          }}
        />
      ) : (
        message.content && <Words content={message.content} mentions={message.mentions} myId={talk.me.id} />
      )}
      <Files message={message} />
      {message.edited_at && <small class="said-edited">{t('comments.edited')}</small>}
      {writes && !editing.value && (
        <MessageMenu
          message={message}
          onEdit={() => {
            editing.value = true;
          }}
        />
      )}
    </>
  );
}

export function QuoteOf({ quote }: { quote: Quote }) {
  return (
    <a class="said-quote" href={`#said-${quote.id}`} onClick={(click) => show(click, quote.id)}>
      <b>{quote.author?.name ?? t('talk.somebody')}</b> <span>{quote.excerpt || t('talk.quoteGone')}</span>
    </a>
  );
}

/** Where it is loaded, the row that was replied to comes into sight. */
function show(click: MouseEvent, id: string): void {
  click.preventDefault();
  const row = document.getElementById(`said-${id}`);
  row?.scrollIntoView({ block: 'center', behavior: 'instant' });
  row?.focus({ preventScroll: true });
}

export function Time({ at }: { at: string }) {
  return <time dateTime={at}>{clockTime(at)}</time>;
}

const callsMe = ({ mentions }: Message, myId: string) => mentions.some(({ id }) => id === myId);
