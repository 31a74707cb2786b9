import type { Said } from '../catalogue';
import type { home as en } from '../en/home';

export const home: Said<typeof en> = {
  'home.title': '지금, 함께 결정하세요.',
  'home.lead': '받은 코드를 입력하면 바로 결정방에 들어갑니다.',
  'home.code': '입장 코드',
  'home.codeHint': '영문과 숫자 여섯 자리. 링크를 통째로 붙여 넣어도 됩니다.',
  'home.join': '코드로 입장',
  'home.host': '모임을 여시나요?',
  'home.create': '이벤트 만들기',
  'home.how': '이렇게 진행됩니다',
  'home.how.in': '들어오기',
  'home.how.inWhat': '현장의 코드와 이름이면 됩니다. 계정은 필요 없습니다.',
  'home.how.weigh': '함께 따져 보기',
  'home.how.weighWhat': '중요한 점을 제안하고 찬반을 밝히세요. 모든 표가 바로 보입니다.',
  'home.how.decide': '결정하기',
  'home.how.decideWhat': '한 사람이 한 번 최종 투표합니다. 투표가 끝나면 모두가 결과를 봅니다.',
  'home.mine': '내 이벤트',
  'home.none': '아직 없습니다. 코드로 입장하거나 직접 이벤트를 만들어 보세요.',
  'home.waiting': (n) => `${n}명이 승인을 기다립니다`,
  'home.noBallot': '최종 투표를 할 수 있습니다',
  'home.ballotIn': '투표 완료',
  'count.members': (n, of) => `정원 ${of}명 중 ${n}명`,
  'count.voters': (n, of) => `${of}명 중 ${n}명 투표`,
};
