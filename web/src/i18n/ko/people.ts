import type { Said } from '../catalogue';
import type { people as en } from '../en/people';

export const people: Said<typeof en> = {
  'people.title': '사람들',
  'people.lead': (n, o) => `투표권자 ${n}명${o > 0 ? `, 참관인 ${o}명` : ''}`,
  'people.find': '이름 찾기',
  'people.more': (n) => `그 밖에 ${n}명. 검색해서 찾을 수 있습니다`,
  'people.you': '(나)',
  'people.outside': (n) => `거절되었거나 금지된 사람 ${n}명`,
  'people.BANNED': '입장 금지',
  'people.REJECTED': '거절됨',
  'people.reset': '다시 기다리게 하기',
  'people.resetTitle': (name) => `${name} 님을 다시 살펴볼까요?`,
  'people.resetWhat': (name) => `${name} 님이 입장 대기로 돌아갑니다.`,
  'people.menu': (name) => `${name} 님 관리`,
  'people.leave': '이벤트 나가기',
  'people.leaveTitle': '이벤트에서 나갈까요?',
  'people.leaveWhat':
    '열린 제안에 한 투표와 최종 투표도 함께 사라집니다. 코드로 다시 입장을 요청할 수 있습니다.',
  'people.roleTitle': (name) => `${name} 님의 역할을 바꿀까요?`,
  'people.make.ADMIN': '관리자로 바꾸기',
  'people.make.ADMIN.what': (name) =>
    `${name} 님이 사람과 제안을 승인하고, 설정을 바꾸고, 이벤트를 끝낼 수 있게 됩니다.`,
  'people.make.MEMBER': '멤버로 바꾸기',
  'people.make.MEMBER.what': (name) => `${name} 님이 제안하고 투표할 수 있으며, 정원 한 자리를 씁니다.`,
  'people.make.OBSERVER': '참관인으로 바꾸기',
  'people.make.OBSERVER.what': (name) =>
    `${name} 님은 모두 볼 수 있지만 투표하지 않습니다. 열린 투표와 최종 투표는 사라집니다.`,
  'people.handOver': '주최자 넘기기',
  'people.handOverWhat': (name) =>
    `${name} 님이 주최자가 되고 당신은 관리자로 남습니다. 되돌리는 것은 ${name} 님만 할 수 있습니다.`,
  'people.kick': '내보내기',
  'people.kickTitle': (name) => `${name} 님을 내보낼까요?`,
  'people.kickWhat': (name) =>
    `${name} 님이 바로 나가고, 열린 투표와 최종 투표도 사라집니다. 다시 입장을 요청할 수 있습니다.`,
  'people.ban': '입장 금지',
  'people.banTitle': (name) => `${name} 님의 입장을 금지할까요?`,
  'people.banWhat': (name) =>
    `${name} 님이 바로 나가고, 열린 투표와 최종 투표도 사라집니다. 관리자가 풀 때까지 들어올 수 없습니다.`,
  'people.unban': '금지 풀기',
  'people.unbanTitle': (name) => `${name} 님의 입장 금지를 풀까요?`,
  'people.unbanWhat': (name) => `${name} 님이 다시 입장을 요청할 수 있습니다.`,
};
