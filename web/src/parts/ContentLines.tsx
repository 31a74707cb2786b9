// What an event begins with: the options, how they are judged, and what is taken for granted.
import { t } from '../i18n';
import { Lines } from './Lines';

export interface Content {
  options: string[];
  criteria: string[];
  assumptions: string[];
}

interface Props {
  values: Content;
  set(part: Partial<Content>): void;
  mostOptions: number;
}

const MOST = 10;

export function ContentLines({ values, set, mostOptions }: Props) {
  return (
    <>
      <Lines
        label={t('section.options')}
        one={t('create.option')}
        add={t('create.addOption')}
        hint={t('create.optionsHint')}
        values={values.options}
        onValues={(options) => set({ options })}
        min={1}
        max={mostOptions}
      />
      <Lines
        label={t('section.criteria')}
        one={t('create.criterion')}
        add={t('create.addCriterion')}
        hint={t('create.criteriaHint')}
        values={values.criteria}
        onValues={(criteria) => set({ criteria })}
        min={0}
        max={MOST}
      />
      <Lines
        label={t('section.assumptions')}
        one={t('create.assumption')}
        add={t('create.addAssumption')}
        hint={t('create.assumptionsHint')}
        values={values.assumptions}
        onValues={(assumptions) => set({ assumptions })}
        min={0}
        max={MOST}
      />
    </>
  );
}

export const filled = (lines: string[]) => lines.map((line) => line.trim()).filter(Boolean);
