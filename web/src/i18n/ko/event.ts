import type { Said } from '../catalogue';
import type { event as en } from '../en/event';

export const event: Said<typeof en> = {
  'status.NOT_STARTED': '시작 전',
  'status.IN_PROGRESS': '진행 중',
  'status.PAUSED': '일시 중지',
  'status.FINISHED': '종료',
  'status.start': '이벤트 시작',
  'status.resume': '다시 시작',
  'status.pause': '일시 중지',
  'status.finish': '끝내기',
  'status.startWhat': '바로 제안, 투표, 최종 투표가 열립니다. 주제와 선택지는 더 이상 고칠 수 없습니다.',
  'status.resumeWhat': '제안, 투표, 최종 투표가 바로 다시 열립니다.',
  'status.pauseWhat':
    '다시 시작할 때까지 제안과 투표가 멈춥니다. 댓글은 계속 쓸 수 있고, 사라지는 것은 없습니다.',
  'status.finishWhat': (missing, pending) =>
    `투표가 완전히 닫히고 모두에게 결과가 공개됩니다. 아직 ${missing}명이 최종 투표를 하지 않았고, 제안 ${pending}건이 결정되지 않았습니다. 되돌릴 수 없습니다.`,
  'membership.PENDING': '승인 대기 중',
  'membership.ACCEPTED': '멤버',
  'membership.REJECTED': '요청이 거절됨',
  'membership.LEFT': '나간 이벤트',
  'membership.BANNED': '입장할 수 없음',
  'role.OWNER': '주최자',
  'role.ADMIN': '관리자',
  'role.MEMBER': '멤버',
  'role.OBSERVER': '참관인',
  'fresh.title': '화면이 얼마나 최신인지',
  'fresh.live': '실시간',
  'fresh.liveDelay': (sec) => `실시간 · ${sec}초`,
  'fresh.catching': '따라잡는 중',
  'fresh.connecting': '연결 중',
  'fresh.waiting': (sec) => `${sec}초 뒤 다시 연결`,
  'fresh.offline': '오프라인',
  'fresh.over': '확정',
  'fresh.startedOver':
    '자리를 비운 사이에 많은 일이 있어 하나하나 따라가지 못했습니다. 지금 상태를 보여 드리며, 그 사이의 일은 목록에 없습니다.',
  'fresh.setBack':
    '서버가 이전 상태로 되돌아갔습니다. 지금 서버에 있는 내용을 보여 드립니다. 내 표와 최종 투표가 남아 있는지 확인해 주세요.',
};
