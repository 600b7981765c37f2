import { say } from '../../shared/text.ts';
import type { BindReply } from '../tools/bind-query.ts';
import { askBind, askWithSearch, noServers, searchNames } from '../tools/bind-query.ts';
import { lastAlias } from '../dns/exchange.ts';
import type { Client, ClientAnswer } from '../types.ts';
import { failureOf, numberArg, startBind, toolAnswer, unknownAnswer } from './_dns-tool.ts';
import type { Run } from './_run.ts';
import { installed, isBefore, startRun } from './_run.ts';

/** Numbers of the response codes, as host shows them. */
const RCODES: Readonly<Record<string, number>> = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 };

function linesOf(reply: BindReply): string[] {
  return reply.answers.flatMap(({ name, type, data }) => {
    switch (type) {
      case 'CNAME':
        return [`${name} is an alias for ${data}.`];
      case 'A':
        return [`${name} has address ${data}`];
      case 'AAAA':
        return [`${name} has IPv6 address ${data}`];
      case 'MX':
        return [`${name} mail is handled by ${data}.`];
      default:
        return [];
    }
  });
}

/** bind9 bin/dig/host.c: A, then AAAA and MX (9.20: HTTPS too) of the name that A was found for; 2 tries of 5 s. */
function ask(run: Run): ClientAnswer {
  const before918 = isBefore(run.version, '9.18');
  const started = startBind(run, {
    tries: numberArg(run.args, /^-R(\d{1,3})$/u, 1) + 1,
    timeoutMs: numberArg(run.args, /^-W(\d{1,4})$/u, 5) * 1000,
    nextOnServfail: !run.args.includes('-s'),
    saysServfail: false,
  });
  if ('needs' in started) return unknownAnswer(run, started.needs);
  const { bind, list } = started;
  const first = askWithSearch(bind, searchNames(run.name, list.search, list.ndots), 'A');
  if (first.needs !== undefined) return unknownAnswer(run, first.needs, bind);
  if (first.reply === undefined)
    return toolAnswer(run, bind, [], failureOf(undefined), { prints: noServers(first, before918), exitStatus: 1 });
  if (first.reply.rcode !== 'NOERROR')
    return toolAnswer(run, bind, [], failureOf(first.reply), { prints: [...first.lines, notFound(run, first.reply)], exitStatus: 1 });
  const replies = [first.reply];
  const prints = [...first.lines, ...linesOf(first.reply)];
  let exitStatus = 0;
  const alias = lastAlias(first.reply.name, first.reply.answers);
  const name = alias === first.reply.name.toLowerCase() ? first.reply.name : alias;
  for (const type of isBefore(run.version, '9.20') ? ['AAAA', 'MX'] : ['AAAA', 'MX', 'HTTPS']) {
    const more = askBind(bind, name, type, 0, name);
    // Nobody asked for mail servers: what is not known of them changes nothing.
    if (more.needs !== undefined) {
      if (type === 'AAAA') return unknownAnswer(run, more.needs, bind);
      continue;
    }
    prints.push(...more.lines);
    if (more.reply === undefined) {
      if (!before918) prints.push(';; no servers could be reached');
      exitStatus = 1;
      continue;
    }
    if (more.reply.rcode === 'NOERROR') {
      replies.push(more.reply);
      prints.push(...linesOf(more.reply));
    } else {
      prints.push(notFound(run, more.reply));
      exitStatus = 1;
    }
  }
  return toolAnswer(run, bind, replies, undefined, { prints, exitStatus });
}

const notFound = (run: Run, reply: BindReply): string =>
  `Host ${reply.rcode === 'NXDOMAIN' ? run.name : reply.name} not found: ${String(RCODES[reply.rcode] ?? 0)}(${reply.rcode})`;

export const client: Client = {
  id: 'host',
  title: { en: 'host', zh: 'host' },
  program: 'host',
  role: 'person',
  behaviour: say({
    en: 'asks the servers of resolv.conf with its search list, for A, AAAA and MX; never the hosts file or nsswitch.conf',
    zh: '按 resolv.conf 的搜索列表查询其中的服务器（A、AAAA、MX）；从不看 hosts 文件或 nsswitch.conf',
  }),
  presentIn: (_world, view) => installed(view, 'host'),
  answer: (world, view, name, _port, options) => ask(startRun('host', 'host', world, view, name, undefined, options)),
  command: (name) => ['host', '-W', '2', name],
};
