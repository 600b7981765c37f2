import { say } from '../../shared/text.ts';
import type { BindReply } from '../tools/bind-query.ts';
import { askBind, askWithSearch, noServers, searchNames } from '../tools/bind-query.ts';
import { askBusyboxNslookup } from '../tools/busybox-nslookup.ts';
import type { Client, ClientAnswer } from '../types.ts';
import { addressRecords, failureOf, numberArg, startBind, toolAnswer, unknownAnswer } from './_dns-tool.ts';
import type { Run } from './_run.ts';
import { answer, installed, isBefore, lookup, nothingDialled, startRun } from './_run.ts';

const addressLines = (reply: BindReply): string[] =>
  reply.answers.flatMap(({ name, type, data }) =>
    type === 'CNAME'
      ? [`${name}\tcanonical name = ${data}.`]
      : type === 'A' || type === 'AAAA'
        ? [`Name:\t${name}`, `Address: ${data}`]
        : [],
  );

/** bind9 bin/dig/nslookup.c: A, then AAAA of the same name, unless the name does not exist; the next server after a SERVFAIL. */
function askBindTool(run: Run): ClientAnswer {
  const before918 = isBefore(run.version, '9.18');
  const started = startBind(run, {
    tries: numberArg(run.args, /^-retry=(\d{1,3})$/u, 4),
    timeoutMs: numberArg(run.args, /^-timeout=(\d{1,4})$/u, 5) * 1000,
    nextOnServfail: true,
    saysServfail: true,
  });
  if ('needs' in started) return unknownAnswer(run, started.needs);
  const { bind, list } = started;
  const first = askWithSearch(bind, searchNames(run.name, list.search, list.ndots), 'A');
  if (first.needs !== undefined) return unknownAnswer(run, first.needs, bind);
  const { reply } = first;
  if (reply === undefined) return toolAnswer(run, bind, [], failureOf(undefined), { prints: noServers(first, before918), exitStatus: 1 });
  const head = [...first.lines, `Server:\t\t${reply.server}`, `Address:\t${reply.server}#53`];
  if (reply.rcode !== 'NOERROR') {
    const name = (reply.rcode === 'NXDOMAIN' ? run.name : reply.name).replace(/\.$/u, '');
    return toolAnswer(run, bind, [], failureOf(reply), {
      prints: [...head, `** server can't find ${name}: ${reply.rcode}`],
      exitStatus: 1,
    });
  }
  const more = askBind(bind, reply.name, 'AAAA', 0, reply.name);
  if (more.needs !== undefined) return unknownAnswer(run, more.needs, bind);
  const replies = more.reply?.rcode === 'NOERROR' ? [reply, more.reply] : [reply];
  const lines = replies.flatMap(addressLines);
  const found = replies.some((r) => addressRecords(r.answers).length > 0);
  const failed =
    more.reply !== undefined && more.reply.rcode !== 'NOERROR' ? [`** server can't find ${reply.name}: ${more.reply.rcode}`] : [];
  const nothing = failed.length > 0 ? [] : [`*** Can't find ${reply.name}: No answer`];
  const note = [...(reply.aa ? [] : ['Non-authoritative answer:']), ...(found ? lines : nothing), ...failed];
  return toolAnswer(run, bind, replies, undefined, { prints: [...head, ...more.lines, ...note], exitStatus: failed.length > 0 ? 1 : 0 });
}

/** busybox before 1.29, or built small: getaddrinfo of the C library, hosts file and all. */
function askSmallBusybox(run: Run): ClientAnswer {
  const resolution = lookup(run, { call: 'getaddrinfo', family: 'unspec', flags: [], socktype: 'stream' });
  if (resolution.outcome.kind === 'cannot-tell') return answer(run, resolution, nothingDialled, { prints: [] });
  if (resolution.outcome.kind === 'error') {
    return answer(run, resolution, nothingDialled, {
      prints: [`nslookup: can't resolve '${run.name}': ${resolution.outcome.error.text}`],
      exitStatus: 1,
    });
  }
  const lines = resolution.outcome.addresses.map((a, i) => `Address ${String(i + 1)}: ${a.address}`);
  return answer(run, resolution, nothingDialled, { prints: [`Name:      ${run.name}`, ...lines], exitStatus: 0 });
}

export const client: Client = {
  id: 'nslookup',
  title: { en: 'nslookup', zh: 'nslookup' },
  program: 'nslookup',
  role: 'person',
  behaviour: say({
    en: 'asks the servers of resolv.conf with its search list, for A and AAAA; never the hosts file (busybox before 1.29 asks the C library instead)',
    zh: '按 resolv.conf 的搜索列表查询其中的服务器（A 和 AAAA）；从不看 hosts 文件（1.29 之前的 busybox 改为通过 C 库查询）',
  }),
  presentIn: (_world, view) => installed(view, 'nslookup'),
  answer: (world, view, name, _port, options) => {
    const run = startRun('nslookup', 'nslookup', world, view, name, undefined, options);
    if (run.flavour === 'busybox-small' || (run.flavour === 'busybox' && isBefore(run.version, '1.29'))) return askSmallBusybox(run);
    return run.flavour === 'busybox' ? askBusyboxNslookup(run) : askBindTool(run);
  },
  command: (name) => ['nslookup', '-timeout=2', '-retry=1', name],
};
