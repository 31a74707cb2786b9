// The texts of screens that are opened later: they come with the first of those.
import { account } from './account';
import { audit } from './audit';
import { ballot } from './ballot';
import { brief } from './brief';
import { create } from './create';
import { hooks } from './hooks';
import { manage } from './manage';
import { news } from './news';
import { people } from './people';
import { talk } from './talk';

export const later = {
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
};
