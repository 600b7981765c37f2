import { say } from '../../shared/text.ts';
import { askWithSearch, noServers, searchNames } from '../tools/bind-query.ts';
import type { Client, ClientAnswer } from '../types.ts';
import { failureOf, numberArg, startBind, toolAnswer, unknownAnswer } from './_dns-tool.ts';
import type { Run } from './_run.ts';
import { installed, isBefore, startRun } from './_run.ts';

/** bind9 bin/dig/dig.c and dighost.c: 3 tries of 5 s over all servers, A unless told otherwise, no search list unless +search. */
function ask(run: Run): ClientAnswer {
  const type = run.args.find((a) => /^(?:A|AAAA|CNAME|MX|NS|PTR|SOA|SRV|TXT)$/u.test(a)) ?? 'A';
  const started = startBind(run, {
    tries: numberArg(run.args, /^\+tries=(\d{1,3})$/u, 3),
    timeoutMs: numberArg(run.args, /^\+time=(\d{1,4})$/u, 5) * 1000,
    nextOnServfail: run.args.includes('+nofail'),
    saysServfail: true,
  });
  if ('needs' in started) return unknownAnswer(run, started.needs);
  const { bind, list } = started;
  const search = run.args.includes('+search') ? list.search : undefined;
  const asked = askWithSearch(bind, searchNames(run.name, search, list.ndots), type);
  if (asked.needs !== undefined) return unknownAnswer(run, asked.needs, bind);
  const { reply } = asked;
  if (reply === undefined)
    return toolAnswer(run, bind, [], failureOf(reply), { prints: noServers(asked, isBefore(run.version, '9.18')), exitStatus: 9 });
  const lines = reply.answers.map((r) => `${r.name}.\tIN\t${r.type}\t${r.data}`);
  return toolAnswer(run, bind, [reply], failureOf(reply), {
    prints: [...asked.lines, `;; ->>HEADER<<- opcode: QUERY, status: ${reply.rcode}`, ...lines],
    exitStatus: 0,
  });
}

export const client: Client = {
  id: 'dig',
  title: { en: 'dig', zh: 'dig' },
  program: 'dig',
  role: 'person',
  behaviour: say({
    en: 'asks the servers of resolv.conf and nothing else: never the hosts file, nsswitch.conf, a name cache or the search list',
    zh: '只查询 resolv.conf 中的服务器：从不看 hosts 文件、nsswitch.conf、名称缓存，也不用搜索列表',
  }),
  presentIn: (_world, view) => installed(view, 'dig'),
  answer: (world, view, name, _port, options) => ask(startRun('dig', 'dig', world, view, name, undefined, options)),
  command: (name) => ['dig', '+time=2', '+tries=1', name],
};
