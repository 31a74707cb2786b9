import type { Said } from '../catalogue';
import type { hooks as en } from '../en/hooks';

export const hooks: Said<typeof en> = {
  'hook.open': '다른 서버에 변경 알리기',
  'hook.title': '웹훅',
  'hook.lead':
    '이 이벤트의 변경을 아래 주소로 보냅니다. 변경마다 서명한 요청 하나를 순서대로, 적어도 한 번 보냅니다. 입장 요청은 보내지 않습니다.',
  'hook.none': '변경을 알리는 서버가 없습니다.',
  'hook.add': '웹훅 추가',
  'hook.addDo': '추가',
  'hook.full': (most) => `이벤트 하나에 웹훅은 ${most}개까지입니다. 더 추가하려면 하나를 지우세요.`,
  'hook.url': '주소',
  'hook.urlHint': '인터넷에서 닿을 수 있는 https 주소. 지금부터 생기는 변경을 받습니다.',
  'hook.types': '알릴 내용',
  'hook.all': '모든 변경',
  'hook.some': '고른 것만',
  'hook.only': (types) => `알릴 내용: ${types}`,
  'hook.type.event.changed': '상태, 주제, 규칙',
  'hook.type.membership.changed': '들어오고 나가는 사람과 역할',
  'hook.type.person.changed': '이름을 바꾼 사람',
  'hook.type.item.changed': '선택지, 전제, 기준',
  'hook.type.proposal.changed': '제안과 그 결과',
  'hook.type.tally.changed': '제안 찬반 집계',
  'hook.type.turnout.changed': '멤버 수와 최종 투표 수',
  'hook.type.comment.changed': '댓글',
  'hook.type.message.changed': '대화 메시지',
  'hook.type.block.changed': '함께 쓰는 문서의 문단',
  'hook.type.snapshot.changed': '보관한 문서',
  'hook.secret': '비밀 키를 지금 복사하세요',
  'hook.secretOnce':
    '지금 한 번만 보여 드리고 어디에도 보관하지 않습니다. 받는 서버가 여기서 보낸 것인지 확인할 때 필요합니다. 잃어버리면 웹훅을 지우고 다시 추가하세요.',
  'hook.copySecret': '비밀 키 복사',
  'hook.secretKept': '보관했습니다',
  'hook.menu': (url) => `${url} 웹훅 관리`,
  'hook.change': '웹훅 바꾸기',
  'hook.replay': '번호부터 다시 보내기',
  'hook.remove': '웹훅 지우기',
  'hook.stop': '잠시 멈추기',
  'hook.goOn': '이어서 보내기',
  'hook.revive': '다시 시도하기',
  'hook.done': '모두 전달됨',
  'hook.done.what': (seq) => `${seq}번까지 더 전달할 변경이 없습니다.`,
  'hook.arriving': '보내는 중',
  'hook.arriving.what': (n) => `변경 ${n}건이 남았습니다.`,
  'hook.waiting': '받는 서버를 기다리는 중',
  'hook.waiting.what': (since, tries, n) =>
    `${since}부터 받지 않고 있습니다(${tries}번 시도). 변경 ${n}건이 순서대로 기다리고 있으며, 사라지지 않습니다.`,
  'hook.paused': '멈춤',
  'hook.paused.what': (n) =>
    n === 0
      ? '기다리는 변경이 없습니다. 앞으로 생기는 변경은 이어서 보낼 때까지 기다립니다.'
      : `변경 ${n}건이 이어서 보낼 때까지 기다립니다.`,
  'hook.dead': '전달 중단',
  'hook.dead.what': (since, _tries, n) =>
    `${since}부터 하루 동안 한 번도 받지 않았습니다. 변경 ${n}건이 기다립니다. 받는 서버가 다시 작동하면 멈춘 곳부터 이어 갑니다.`,
  'hook.next': (when) => `다음 시도는 ${when}입니다.`,
  'hook.trying': '다시 보내고 있습니다.',
  'hook.trouble.status': (code) => `받는 서버가 2xx가 아니라 ${code}(으)로 답했습니다.`,
  'hook.trouble.slow': '받는 서버가 10초 안에 답하지 않았습니다.',
  'hook.trouble.unreached': '받는 서버에 연결할 수 없었습니다.',
  'hook.trouble.broken': '답을 받기 전에 연결이 끊어졌습니다.',
  'hook.trouble.strange': '웹 서버의 답이 아닌 것이 돌아왔습니다.',
  'hook.trouble.private': '이 주소는 이제 내부 네트워크로 이어집니다. 주소를 바꾸세요.',
  'hook.trouble.unknown': '이 이름의 서버가 이제 없습니다. 주소를 확인하세요.',
  'hook.replayTitle': '다시 보낼까요?',
  'hook.replayWhat': (at, head) =>
    `${head}번 가운데 ${at}번까지 알렸습니다. 아래 번호 다음의 변경을 모두 순서대로 다시 보냅니다.`,
  'hook.replayAfter': '이 번호 다음부터',
  'hook.replayHint': '0은 이벤트의 처음입니다.',
  'hook.replayDo': '다시 보내기',
  'hook.removeTitle': '웹훅을 지울까요?',
  'hook.removeWhat': (url) =>
    `${url} 주소로 더 이상 알리지 않고, 비밀 키도 쓸 수 없게 됩니다. 다른 웹훅은 그대로입니다.`,
  'hook.check': '받는 서버가 확인하는 방법',
  'hook.check.lead':
    '주소만 알면 누구나 요청을 보낼 수 있습니다. 여기서 보낸 요청은 둘만 아는 비밀 키로 서명되어 있습니다.',
  'hook.check.headers':
    'webhook-id, webhook-timestamp, webhook-signature 헤더와, 받은 그대로의 본문을 읽습니다.',
  'hook.check.text': 'id, 마침표, timestamp, 마침표, 본문을 차례로 이어 붙입니다.',
  'hook.check.key':
    '비밀 키에서 앞의 “whsec_”를 떼고 Base64로 풀어, 그 키로 이어 붙인 글의 HMAC-SHA256을 구합니다.',
  'hook.check.compare':
    '결과를 Base64로 적고 앞에 “v1,”을 붙입니다. webhook-signature와 같아야 하며, 걸리는 시간이 일정한 방법으로 비교합니다.',
  'hook.check.fresh':
    'timestamp가 5분 넘게 차이 나면 거절합니다. 이미 받은 id는 같은 변경이 한 번 더 온 것이니 건너뜁니다.',
  'hook.check.answer':
    '10초 안에 2xx로 답합니다. 그 밖에는 점점 간격을 늘려 다시 보내고, 그동안 다음 것은 보내지 않습니다. 하루 동안 성공하지 못하면 관리자가 다시 시도할 때까지 멈춥니다.',
  'hook.check.library':
    '“Standard Webhooks” 라이브러리가 이 일을 모두 해 줍니다. 본문은 CloudEvents 1.0 JSON입니다.',
};
