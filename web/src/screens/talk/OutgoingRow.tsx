// One's own message before the server has it: what state it is in, and what to do where it was refused.
import { t } from '../../i18n';
import { problemWords } from '../../i18n/problem';
import { Avatar } from '../../parts/Avatar';
import { waits } from '../../queue/intention';
import { giveUp, type Outgoing, sendAgain } from '../../store/talk/outbox';
import { usePlace } from './context';
import { QuoteOf, Time } from './MessageRow';
import { Words } from './Words';

export function OutgoingRow({ message }: { message: Outgoing }) {
  const { talk } = usePlace();
  const { content, replyTo, attachments, intention } = message;
  const refused = intention.state === 'refused' || intention.state === 'late';
  return (
    <li class={`said own outgoing ${refused ? 'refused' : ''}`}>
      <Avatar name={talk.me.name} />
      <div class="said-body">
        <p class="by">
          <strong>{talk.me.name}</strong> <Time at={new Date(message.at).toISOString()} />
        </p>
        {replyTo && <QuoteOf quote={replyTo} />}
        {content && <Words content={content} mentions={[]} myId={talk.me.id} />}
        {attachments.length > 0 && <p class="file-note">{attachments.map(({ name }) => name).join(', ')}</p>}
        {refused ? (
          <Refused message={message} />
        ) : (
          <p class="said-state" role="status">
            {t(waits(intention) ? 'talk.queued' : 'vote.sending')}
          </p>
        )}
      </div>
    </li>
  );
}

function Refused({ message }: { message: Outgoing }) {
  const { problem } = message.intention;
  return (
    <div class="said-refused" role="alert">
      <p>
        {t('talk.notSent')} {problem && problemWords(problem.code, problem.detail)}
      </p>
      <div class="actions">
        <button type="button" class="button small" onClick={() => void sendAgain(message)}>
          {t('action.again')}
        </button>
        <button type="button" class="button small" onClick={() => giveUp(message)}>
          {t('comments.remove')}
        </button>
      </div>
    </div>
  );
}
