// What an event and a person in it can be.
import { plural } from './plural';

export const event = {
  'status.NOT_STARTED': 'Not started',
  'status.IN_PROGRESS': 'In progress',
  'status.PAUSED': 'Paused',
  'status.FINISHED': 'Finished',
  'status.start': 'Start the event',
  'status.resume': 'Resume',
  'status.pause': 'Pause',
  'status.finish': 'Finish',
  'status.startWhat':
    'People can propose, vote and cast ballots at once. Subject and options can no longer be edited.',
  'status.resumeWhat': 'Proposals, votes and ballots are possible again at once.',
  'status.pauseWhat':
    'No proposals, votes or ballots until you resume. Comments stay open, and nothing is lost.',
  'status.finishWhat': (missing: number, pending: number) =>
    `Voting closes for good and the result is shown to everyone. ${missing} ${plural(missing, 'member has', 'members have')} not cast a ballot; ${pending} ${plural(pending, 'proposal is', 'proposals are')} still undecided. This cannot be taken back.`,
  'membership.PENDING': 'Waiting for approval',
  'membership.ACCEPTED': 'Member',
  'membership.REJECTED': 'Request declined',
  'membership.LEFT': 'You left',
  'membership.BANNED': 'No longer admitted',
  'role.OWNER': 'Owner',
  'role.ADMIN': 'Admin',
  'role.MEMBER': 'Member',
  'role.OBSERVER': 'Observer',
  'fresh.title': 'How fresh this page is',
  'fresh.live': 'live',
  'fresh.liveDelay': (sec: string) => `live · ${sec} s`,
  'fresh.catching': 'catching up',
  'fresh.connecting': 'connecting',
  'fresh.waiting': (sec: number) => `reconnecting in ${sec} s`,
  'fresh.offline': 'offline',
  'fresh.over': 'final',
  'fresh.startedOver':
    'Too much happened while this page was away to follow it step by step. You see how things stand now; what came in between is not listed.',
  'fresh.setBack':
    'The server was set back to an earlier state. You see what it knows: look whether your votes and your ballot are still there.',
};
