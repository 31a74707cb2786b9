// A question that says the consequence before it happens.
import { t } from '../i18n';
import { useAction } from './action';
import { Dialog } from './Dialog';
import { Failure } from './Failure';

export interface Question {
  title: string;
  consequence: string;
  verb: string;
  danger?: boolean;
  act(): Promise<unknown>;
}

export function Confirm({ question, onClose }: { question: Question; onClose(): void }) {
  const action = useAction(async () => {
    await question.act();
    onClose();
  });
  return (
    <Dialog title={question.title} onClose={onClose}>
      <p class="lead">{question.consequence}</p>
      <Failure error={action.error} />
      <div class="actions end">
        <button type="button" class="button" onClick={onClose}>
          {t('action.cancel')}
        </button>
        <button
          type="button"
          class={`button ${question.danger ? 'danger' : 'primary'}`}
          disabled={action.busy}
          onClick={() => void action.run()}
        >
          {question.verb}
        </button>
      </div>
    </Dialog>
  );
}
