"""Changes told to a page from within: what the browser alone can bear."""

from typing import Any

from playwright.async_api import Page

LISTEN = """
const real = window.fetch;
window.fetch = async (...args) => {
  const answer = await real(...args);
  if (!String(args[0]).includes('/stream')) return answer;
  const words = new TransformStream();
  const writer = words.writable.getWriter();
  window.tell_ = (text) => writer.write(new TextEncoder().encode(text));
  (async () => { for await (const part of answer.body) writer.write(part); })().catch(() => {});
  return new Response(words.readable, { status: answer.status, headers: answer.headers });
};
"""
TELL = """
async ({ epoch, seq, ids, rate, count }) => {
  const begun = performance.now();
  for (let sent = 0; sent < count; ) {
    const due = Math.min(count, Math.ceil((performance.now() - begun) * rate / 1000));
    for (; sent < due; sent++) {
      seq++;
      const tally = { agree: 1 + seq * 7 % 97, disagree: seq % 5, abstain: 0 };
      const data = { proposal_id: ids[sent % ids.length], tally, needed: null };
      const head = { seq, type: 'tally.changed', at: new Date().toISOString(), actor: null };
      tell_(`id: ${epoch}.${seq}\\ndata: ${JSON.stringify({ ...head, data })}\\n\\n`);
    }
    await new Promise(requestAnimationFrame);
  }
}
"""


async def tell(page: Page, event: dict[str, Any], ids: list[str], rate: int, count: int) -> None:
    """Say that many votes a second to a page that was opened with LISTEN, on top of `event`."""
    said = {"epoch": event["epoch"], "seq": event["seq"], "ids": ids, "rate": rate, "count": count}
    await page.evaluate(TELL, said)
