import { say } from '../../shared/text.ts';
import type { AskedFamily, Client, ClientAnswer } from '../types.ts';
import type { Run } from './_run.ts';
import { addressesOf, answer, dialInTurn, errnoOf, installed, lookup, nothingDialled, startRun, strerror } from './_run.ts';

/** OpenSSH ssh.c resolve_host and sshconnect.c ssh_connect_direct: every address in turn, the last error is shown. */
function ask(run: Run): ClientAnswer {
  const family: AskedFamily = run.args.includes('-4') ? 'inet' : run.args.includes('-6') ? 'inet6' : 'unspec';
  const resolution = lookup(run, { call: 'getaddrinfo', family, flags: [], socktype: 'stream' });
  if (resolution.outcome.kind === 'cannot-tell') return answer(run, resolution, nothingDialled, { prints: [] });
  if (resolution.outcome.kind === 'error') {
    const text = `ssh: Could not resolve hostname ${run.name.toLowerCase()}: ${resolution.outcome.error.text}`;
    return answer(run, resolution, nothingDialled, { prints: [text], exitStatus: 255 });
  }
  const dialled = dialInTurn(run, addressesOf(resolution));
  if (dialled.needs !== undefined) return answer(run, resolution, dialled, { prints: [] });
  if (dialled.winner !== undefined) return answer(run, resolution, dialled, { prints: [] });
  // Where the last address got no socket, no errno is left to be told.
  const noSocket = dialled.reported?.stage === 'socket';
  const why = noSocket ? 'failure' : strerror(run, errnoOf(dialled.reported) ?? '');
  const before = dialled.attempts.filter((a) => a.stage === 'socket').map((a) => `socket: ${strerror(run, errnoOf(a) ?? '')}`);
  const text = `ssh: connect to host ${run.name.toLowerCase()} port ${String(run.port ?? 22)}: ${why}`;
  return answer(run, resolution, dialled, { prints: [...before, text], exitStatus: 255 });
}

export const client: Client = {
  id: 'ssh',
  title: { en: 'ssh', zh: 'ssh' },
  program: 'ssh',
  role: 'person',
  behaviour: say({
    en: 'asks for any family and tries all addresses in turn; says the last error',
    zh: '查询任意地址族，依次尝试所有地址，显示最后一个错误',
  }),
  presentIn: (_world, view) => installed(view, 'ssh'),
  answer: (world, view, name, port, options) => ask(startRun('ssh', 'ssh', world, view, name, port ?? 22, options)),
};
