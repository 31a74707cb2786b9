// Webhooks: servers outside that are told what happens, and how they know that it is true.
import { plural } from './plural';

const changes = (n: number) => `${n} ${plural(n, 'change', 'changes')}`;

export const hooks = {
  'hook.open': 'Tell another server what happens here',
  'hook.title': 'Webhooks',
  'hook.lead':
    'Each change of this event is sent to the addresses below: one signed request for each, in order, at least once. Requests to join stay here.',
  'hook.none': 'No other server is told what happens here.',
  'hook.add': 'Add a webhook',
  'hook.addDo': 'Add it',
  'hook.full': (most: number) => `An event has at most ${most} webhooks. Remove one to add another.`,
  'hook.url': 'Address',
  'hook.urlHint':
    'An https address that can be reached from the internet. It hears what happens from now on.',
  'hook.types': 'What it is told',
  'hook.all': 'Every change',
  'hook.some': 'Only what I choose',
  'hook.only': (types: string) => `Only: ${types}`,
  'hook.type.event.changed': 'status, subject and rules',
  'hook.type.membership.changed': 'people who come, go or get another role',
  'hook.type.person.changed': 'people who change their name',
  'hook.type.item.changed': 'options, assumptions and criteria',
  'hook.type.proposal.changed': 'proposals and what becomes of them',
  'hook.type.tally.changed': 'counts of votes on proposals',
  'hook.type.turnout.changed': 'counts of members and ballots',
  'hook.type.comment.changed': 'comments',
  'hook.type.message.changed': 'messages in the conversation',
  'hook.type.block.changed': 'blocks of the shared brief',
  'hook.type.snapshot.changed': 'kept versions of the brief',
  'hook.secret': 'Copy this secret now',
  'hook.secretOnce':
    'It is shown this one time and kept nowhere. The receiver needs it to check that a delivery comes from here. If it gets lost, remove the webhook and add it again.',
  'hook.copySecret': 'Copy the secret',
  'hook.secretKept': 'I have put it away',
  'hook.menu': (url: string) => `What to do with ${url}`,
  'hook.change': 'Change this webhook',
  'hook.replay': 'Send again from a number',
  'hook.remove': 'Remove this webhook',
  'hook.stop': 'Stop for now',
  'hook.goOn': 'Go on',
  'hook.revive': 'Try again',
  'hook.done': 'Up to date',
  'hook.done.what': (seq: string) => `Nothing is left to deliver, up to number ${seq}.`,
  'hook.arriving': 'On its way',
  'hook.arriving.what': (n: number) => `${changes(n)} to go.`,
  'hook.waiting': 'Waiting for the receiver',
  'hook.waiting.what': (since: string, tries: number, n: number) =>
    `Not taken since ${since}, after ${tries} ${plural(tries, 'try', 'tries')}. ${changes(n)} ${plural(n, 'waits', 'wait')} in order; nothing is lost.`,
  'hook.paused': 'Stopped',
  'hook.paused.what': (n: number) =>
    n === 0
      ? 'Nothing waits. What happens from now on waits until it goes on.'
      : `${changes(n)} ${plural(n, 'waits', 'wait')} until it goes on.`,
  'hook.dead': 'Given up',
  'hook.dead.what': (since: string, _tries: number, n: number) =>
    `Nothing was taken for a whole day, since ${since}. ${changes(n)} ${plural(n, 'waits', 'wait')}. When the receiver works again, it goes on where it stopped.`,
  'hook.next': (when: string) => `The next try is at ${when}.`,
  'hook.trying': 'It is being tried again.',
  'hook.trouble.status': (code: string) => `The receiver answered with ${code} instead of a 2xx.`,
  'hook.trouble.slow': 'The receiver did not answer within 10 seconds.',
  'hook.trouble.unreached': 'The receiver could not be reached.',
  'hook.trouble.broken': 'The connection broke before there was an answer.',
  'hook.trouble.strange': 'What came back was no answer of a web server.',
  'hook.trouble.private': 'The address leads into a private network now. Change it.',
  'hook.trouble.unknown': 'There is no server of this name now. Check the address.',
  'hook.replayTitle': 'Send again?',
  'hook.replayWhat': (at: string, head: string) =>
    `It has been told up to number ${at} of ${head}. Everything after the number below is sent again, in order.`,
  'hook.replayAfter': 'After number',
  'hook.replayHint': '0 is the beginning of the event.',
  'hook.replayDo': 'Send again',
  'hook.removeTitle': 'Remove this webhook?',
  'hook.removeWhat': (url: string) =>
    `${url} hears nothing more, and its secret is worth nothing. Other webhooks stay.`,
  'hook.check': 'How a receiver checks a delivery',
  'hook.check.lead':
    'Anybody can send requests to your address. Those from here are signed with the secret that only you and we know:',
  'hook.check.headers':
    'Read the headers webhook-id, webhook-timestamp and webhook-signature, and the body byte for byte as it came.',
  'hook.check.text': 'Write the id, a dot, the timestamp, a dot and the body after one another.',
  'hook.check.key':
    'Take the secret without “whsec_” at its front, decode it from Base64, and make the HMAC-SHA256 of that text with it.',
  'hook.check.compare':
    'Encode the result in Base64 and put “v1,” before it. It must equal webhook-signature; compare in constant time.',
  'hook.check.fresh':
    'Refuse a timestamp more than five minutes off. An id that you had already is the same change once more: skip it.',
  'hook.check.answer':
    'Answer with a 2xx within 10 seconds. Anything else is tried again, later and later, and nothing else is sent before. After a day without success it is given up until an admin revives it.',
  'hook.check.library': 'Libraries for “Standard Webhooks” do all of this; the body is CloudEvents 1.0 JSON.',
};
