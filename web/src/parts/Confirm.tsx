// A question that says the consequence before it happens.
import { useSignal } from '@preact/signals';
import { t } from '../i18n';
import { useAction } from './action';
import { Dialog } from './Dialog';
import { Failure } from './Failure';
import { Field } from './Field';

export interface Question {
  title: string;
  consequence: string;
  /** What else it means, one by one. */
  points?: string[];
  verb: string;
  danger?: boolean;
  /** What must be typed first, where it cannot be taken back. */
  typed?: string;
  act(): Promise<unknown>;
}

export function Confirm({ question, onClose }: { question: Question; onClose(): void }) {
  const typed = useSignal('');
  const action = useAction(async () => {
    await question.act();
    onClose();
  });
  return (
    <Dialog title={question.title} onClose={onClose}>
      <p class="lead">{question.consequence}</p>
      {question.points && (
        <ul class="points">
          {question.points.map((point) => (
            <li key={point}>{point}</li>
          ))}
        </ul>
      )}
      {question.typed && (
        <Field
          label={t('confirm.type', question.typed)}
          value={typed.value}
          autocomplete="off"
          onValue={(value) => {
            typed.value = value;
          }}
        />
      )}
      <Failure error={action.error} />
      <div class="actions end">
        <button type="button" class="button" onClick={onClose}>
          {t('action.cancel')}
        </button>
        <button
          type="button"
          class={`button ${question.danger ? 'danger' : 'primary'}`}
          disabled={action.busy || !isTyped(question, typed.value)}
          onClick={() => void action.run()}
        >
          {question.verb}
        </button>
      </div>
    </Dialog>
  );
}

/** Phones begin a line with a capital, and codes are read aloud. */
const isTyped = ({ typed }: Question, words: string) =>
  typed === undefined || words.trim().toUpperCase() === typed.trim().toUpperCase();
