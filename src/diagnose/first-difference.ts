/**
 * Where two programs part that were asked the same: in how they look a name up, in what they get, or in what they do with it. The text
 * names both clients; rendering fills in {left} and {right} with what the clients are called.
 */
import type { Call, ClientAnswer, Step } from '../model/types.ts';
import type { Said, Text, Values } from '../shared/text.ts';
import { say } from '../shared/text.ts';

/** How one client asks. */
const asks = {
  any: { en: 'asks for any family', zh: '查询任意地址族' },
  anyConfigured: { en: 'asks only for families of which an interface has an address', zh: '只查询本机接口拥有地址的地址族' },
  ipv4: { en: 'asks for IPv4 only', zh: '只查询 IPv4' },
  ipv6: { en: 'asks for IPv6 only', zh: '只查询 IPv6' },
  hostByName2: { en: 'asks for IPv6, and for IPv4 only where there is none', zh: '先查询 IPv6，没有结果才查询 IPv4' },
  goOwn: { en: 'is a Go program and reads hosts and resolv.conf itself', zh: '是 Go 程序，自行读取 hosts 和 resolv.conf' },
  goLibc: { en: 'is a Go program that leaves the question to the C library', zh: '是 Go 程序，但通过 C 库查询' },
  dnsOnly: { en: 'asks the servers of resolv.conf and reads no hosts file', zh: '只查询 resolv.conf 中的服务器，不看 hosts 文件' },
  noLookup: { en: 'does not look this name up at all', zh: '根本不解析这个名称' },
  reverse: { en: 'looks the address up backwards', zh: '反向查询该地址' },
  unknown: { en: 'asks in its own way', zh: '以自己的方式查询' },
} as const satisfies Record<string, Text>;

const MAPPED: Text = {
  en: ', where the C library turns the ::1 of the hosts file into 127.0.0.1',
  zh: '，此时 C 库把 hosts 文件中的 ::1 当作 127.0.0.1',
};

function howOf(a: ClientAnswer): Text {
  const { call, decision } = a.resolution;
  if (call === undefined) return asks.noLookup;
  switch (call.call) {
    case 'getaddrinfo':
      if (call.family === 'inet') return asks.ipv4;
      if (call.family === 'inet6') return asks.ipv6;
      return call.flags.includes('AI_ADDRCONFIG') ? asks.anyConfigured : asks.any;
    case 'gethostbyname':
      return asks.ipv4;
    case 'gethostbyname2':
      return call.family === 'inet6' || a.client === 'getent-hosts' ? asks.hostByName2 : asks.ipv4;
    case 'gethostbyaddr':
      return asks.reverse;
    case 'go-lookup':
      return decision === 'cgo' ? asks.goLibc : asks.goOwn;
    case 'dns-query':
      return asks.dnsOnly;
  }
}

const addresses = (a: ClientAnswer): readonly string[] =>
  a.resolution.outcome.kind === 'addresses' ? [...new Set(a.resolution.outcome.addresses.map((x) => x.address))] : [];

function flatSteps(steps: readonly Step[]): readonly Step[] {
  return steps.flatMap((s) => [s, ...flatSteps(s.inner ?? [])]);
}

/** Did the C library read 127.0.0.1 out of a line that says ::1? */
function isMapped(a: ClientAnswer): boolean {
  if (!addresses(a).includes('127.0.0.1')) return false;
  return flatSteps(a.resolution.steps).some(
    (s) => s.at?.kind === 'file' && s.at.path.endsWith('/hosts') && /^[ \t]*::1[ \t]/u.test(s.at.text ?? ''),
  );
}

/** Text that says what one side gets; values come under `prefix`. */
function gets(a: ClientAnswer, prefix: 'left' | 'right'): { readonly text: Text; readonly values: Values } {
  const key = `${prefix}Gets`;
  switch (a.resolution.outcome.kind) {
    case 'addresses': {
      const found = addresses(a);
      const more: Text =
        found.length === 1
          ? { en: ` and gets {${key}} alone`, zh: `，只得到 {${key}}` }
          : { en: ` and gets {${key}}`, zh: `，得到 {${key}}` };
      return { text: more, values: { [key]: found.join(', ') } };
    }
    case 'error':
      return { text: { en: ` and is told: {${key}}`, zh: `，得到的回答是：{${key}}` }, values: { [key]: a.resolution.outcome.error.text } };
    case 'cannot-tell':
      return { text: { en: '; what it gets cannot be told', zh: '；结果无法判断' }, values: {} };
  }
}

const join = (...parts: readonly Text[]): Text => ({ en: parts.map((p) => p.en).join(''), zh: parts.map((p) => p.zh).join('') });
const NAME_LEFT: Text = { en: '{left} ', zh: '{left} ' };
const NAME_RIGHT: Text = { en: '; {right} ', zh: '；{right} ' };

function byLookup(left: ClientAnswer, right: ClientAnswer): Said {
  const [l, r] = [gets(left, 'left'), gets(right, 'right')];
  const mappedLeft = isMapped(left) && !isMapped(right);
  const mappedRight = isMapped(right) && !isMapped(left);
  const text = join(NAME_LEFT, howOf(left), mappedLeft ? MAPPED : l.text, NAME_RIGHT, howOf(right), mappedRight ? MAPPED : r.text);
  return say(text, { left: left.client, right: right.client, ...(mappedLeft ? {} : l.values), ...(mappedRight ? {} : r.values) });
}

const sameCall = (a: Call | undefined, b: Call | undefined): boolean => JSON.stringify(a) === JSON.stringify(b);

const stepKey = (s: Step): string => `${s.kind.id} ${JSON.stringify(s.values ?? {})}`;

/** The first step that one has and the other has not at the same place. */
function firstOtherStep(
  left: ClientAnswer,
  right: ClientAnswer,
): { readonly left: Step | undefined; readonly right: Step | undefined } | undefined {
  const [a, b] = [flatSteps(left.resolution.steps), flatSteps(right.resolution.steps)];
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [x, y] = [a[i], b[i]];
    if (x === undefined || y === undefined || stepKey(x) !== stepKey(y)) return { left: x, right: y };
  }
  return undefined;
}

const dialTexts = {
  tries: {
    en: 'Both get {addresses}; {left} {leftDoes}, {right} {rightDoes}',
    zh: '两者都得到 {addresses}；{left} {leftDoes}，{right} {rightDoes}',
  },
} as const;

/** Words for what a client did with its addresses that need no translation: addresses and errno names. */
function did(a: ClientAnswer): string {
  if (a.attempts.length === 0) return '-';
  return a.attempts
    .map(
      (t) =>
        `${t.address.address}: ${t.outcome.kind === 'connected' ? 'OK' : t.outcome.kind === 'errno' ? t.outcome.errno : t.outcome.kind === 'timeout' ? 'TIMEOUT' : '?'}`,
    )
    .join(', ');
}

/** Steps of the look-up in the words of their own kind. */
function byStep(left: ClientAnswer, right: ClientAnswer, part: NonNullable<ReturnType<typeof firstOtherStep>>): Said {
  const own = (step: Step | undefined, prefix: 'left' | 'right'): { readonly text: Text; readonly values: Values } => {
    if (step === undefined) return { text: { en: 'goes no further', zh: '到此为止' }, values: {} };
    const values = Object.fromEntries(Object.entries(step.values ?? {}).map(([k, v]) => [`${prefix}_${k}`, v]));
    const rename = (text: string): string => text.replace(/\{([A-Za-z][A-Za-z0-9]*)\}/gu, (_, name: string) => `{${prefix}_${name}}`);
    return { text: { en: rename(step.kind.text.en), zh: rename(step.kind.text.zh) }, values };
  };
  const [l, r] = [own(part.left, 'left'), own(part.right, 'right')];
  const text = join({ en: '{left}: ', zh: '{left}：' }, l.text, { en: ' — {right}: ', zh: ' —— {right}：' }, r.text);
  return say(text, { left: left.client, right: right.client, ...l.values, ...r.values });
}

/** undefined where the two do and get the same. */
export function firstDifference(left: ClientAnswer, right: ClientAnswer): Said | undefined {
  const [a, b] = [addresses(left).join(' '), addresses(right).join(' ')];
  const sameOutcome = a === b && left.resolution.outcome.kind === right.resolution.outcome.kind;
  if (!sameOutcome) {
    const how = howOf(left).en !== howOf(right).en || !sameCall(left.resolution.call, right.resolution.call);
    if (how) return byLookup(left, right);
    const part = firstOtherStep(left, right);
    return part === undefined ? byLookup(left, right) : byStep(left, right, part);
  }
  if (did(left) === did(right)) return undefined;
  return say(dialTexts.tries, { addresses: a, left: left.client, right: right.client, leftDoes: did(left), rightDoes: did(right) });
}
