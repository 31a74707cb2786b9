import type { Said } from '../catalogue';
import type { lobby as en } from '../en/lobby';

export const lobby: Said<typeof en> = {
  'here.count': (n) => `${n}명 접속 중`,
  'here.show': '누구인지 보기',
  'here.unknown': '지금은 접속 현황을 알 수 없습니다',
  'here.idle': '자리 비움',
  'here.here': '접속 중',
  'here.quorum': (n, of) => `정족수 충족: 투표자 ${of}명 중 ${n}명이 있습니다.`,
  'here.noQuorum': (n, of) => `정족수 미달: 투표자 ${of}명 중 ${n}명이 있습니다.`,
  'nav.talk': '대화',
  'nav.beside': '대화와 활동',
  'talk.unread': (n) => `읽지 않은 메시지 ${n}개`,
  'talk.mentions': (n) => `나를 부른 메시지 ${n}개`,
  'talk.removed.author': '삭제된 메시지입니다.',
  'talk.removed.admin': '관리자가 삭제한 메시지입니다.',
  'talk.somebody': '누군가',
  'nav.messages': '메시지',
  'messages.all': '모든 메시지',
  'home.gone.deleted': (subject) => `소유자가 “${subject}” 이벤트를 삭제했습니다.`,
  'home.gone.out': (subject) => `더 이상 “${subject}” 이벤트에 참여하고 있지 않습니다.`,
  'home.gone.banned': (subject) => `“${subject}” 이벤트에 더 이상 들어갈 수 없습니다.`,
  'home.queue': (n) => `대기 순서 ${n}번`,
  'home.undecided': (n) => `아직 투표하지 않은 제안 ${n}건`,
  'news.title': '공지 사항',
};
