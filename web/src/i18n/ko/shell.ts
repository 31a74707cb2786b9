import type { Said } from '../catalogue';
import type { shell as en } from '../en/shell';

export const shell: Said<typeof en> = {
  loading: '잠시만 기다려 주세요…',
  'action.reload': '다시 불러오기',
  'action.again': '다시 시도',
  'action.home': '시작 화면으로',
  'action.close': '닫기',
  'action.cancel': '취소',
  'action.later': '나중에 마저 쓰기',
  'action.save': '저장',
  'action.more': '더 보기',
  'confirm.type': (what) => `계속하려면 입력하세요: ${what}`,
  'nav.skip': '본문으로 건너뛰기',
  'nav.account': '언어와 계정',
  'nav.room': '결정방 메뉴',
  'nav.decide': '결정',
  'nav.ballot': '최종 투표',
  'nav.result': '결과',
  'nav.activity': '활동',
  'nav.people': '사람들',
  'nav.manage': '관리',
  'loading.away': '서버가 아직 응답하지 않습니다. 연결되면 저절로 열립니다.',
  'loading.offline': '오프라인입니다. 연결되면 저절로 열립니다.',
  'notFound.title': '아무것도 없습니다',
  'notFound.body': '이 주소로는 갈 곳이 없습니다. 코드로 입장해 주세요.',
  'auth.signIn': '로그인',
};
