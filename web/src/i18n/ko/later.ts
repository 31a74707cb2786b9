// The texts of screens that are opened later, in Korean.
import type { Later } from '../catalogue';
import { account } from './account';
import { audit } from './audit';
import { ballot } from './ballot';
import { brief } from './brief';
import { create } from './create';
import { hooks } from './hooks';
import { manage } from './manage';
import { news } from './news';
import { people } from './people';
import { refusals } from './refusals';
import { talk } from './talk';

export const later: Later = {
  ...account,
  ...create,
  ...ballot,
  ...brief,
  ...manage,
  ...people,
  ...audit,
  ...hooks,
  ...talk,
  ...news,
  ...refusals,
};
