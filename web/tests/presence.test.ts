// Who is here: by name, as a number, or honestly unknown.
import { describe, expect, it } from 'vitest';
import { quorumOf } from '../src/screens/room/quorum';
import { foldPresence, initials } from '../src/store/presence';
import { dana, membership, mina } from './a-room';

const active = 'active' as const;
const here = [{ ...mina, status: active }];
const start = foldPresence(undefined, { type: 'presence', here, count: 1 });

describe('presence', () => {
  it('takes in who comes, changes and goes', () => {
    const both = foldPresence(start, { type: 'presence.joined', people: [{ ...dana, status: active }] });
    expect(both.here?.map(({ name }) => name)).toEqual(['Dana', 'Mina']);
    expect(both.count).toBe(2);
    const idle = foldPresence(both, { type: 'presence.changed', people: [{ ...mina, status: 'idle' }] });
    expect(idle.here?.[1]?.status).toBe('idle');
    expect(foldPresence(idle, { type: 'presence.left', ids: ['mina'] })).toMatchObject({ count: 1 });
  });

  it('says that it does not know, and counts a crowd without names', () => {
    const unknown = foldPresence(start, { type: 'presence', here: null, count: null });
    expect(unknown).toEqual({ here: null, count: null });
    const joined = { type: 'presence.joined' as const, people: here };
    expect(foldPresence(unknown, joined)).toEqual(unknown);
    expect(foldPresence({ here: null, count: 900 }, joined).count).toBe(900);
    expect(foldPresence(undefined, joined).count).toBeNull();
  });

  it('stands for people by their letters', () => {
    expect(initials('Dana')).toBe('D');
    expect(initials('Nora van Lind')).toBe('NL');
    expect(initials('김서연')).toBe('서연');
    expect(initials(' ')).toBe('?');
  });
});

describe('a quorum', () => {
  const members = [
    membership(dana),
    membership(mina),
    membership({ id: 'o', name: 'Oda' }, { role: 'OBSERVER' }),
  ];

  it('is more than half of those who vote', () => {
    expect(quorumOf(here, members)).toEqual({ here: 1, members: 2, reached: false });
    const all = [...here, { ...dana, status: active }];
    expect(quorumOf(all, members)?.reached).toBe(true);
  });

  it('does not count who only watches, and is not guessed', () => {
    expect(quorumOf([{ id: 'o', name: 'Oda', status: active }], members)?.here).toBe(0);
    expect(quorumOf(null, members)).toBeNull();
    expect(quorumOf(undefined, members)).toBeNull();
  });
});
