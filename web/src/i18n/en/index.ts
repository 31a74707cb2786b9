// Every text in English, part by part. The keys are the contract: Korean must have exactly the same ones.
import { account } from './account';
import { activity } from './activity';
import { audit } from './audit';
import { ballot } from './ballot';
import { create } from './create';
import { event } from './event';
import { failures } from './failures';
import { home } from './home';
import { join } from './join';
import { manage } from './manage';
import { people } from './people';
import { proposals } from './proposals';
import { room } from './room';
import { shell } from './shell';

export const en = {
  ...shell,
  ...home,
  ...account,
  ...join,
  ...create,
  ...event,
  ...room,
  ...proposals,
  ...activity,
  ...ballot,
  ...manage,
  ...people,
  ...audit,
  ...failures,
};
