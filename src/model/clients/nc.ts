import { say } from '../../shared/text.ts';
import type { AskedFamily, Client, ClientAnswer } from '../types.ts';
import type { Run } from './_run.ts';
import { addressesOf, answer, dialInTurn, errnoOf, installed, lookup, nothingDialled, shownAddress, startRun, strerror } from './_run.ts';

/** OpenBSD's nc as Debian ships it (netcat.c remote_connect), 1.217 to 1.229, with -v or -z -v. */
function ask(run: Run): ClientAnswer {
  const family: AskedFamily = run.args.includes('-4') ? 'inet' : run.args.includes('-6') ? 'inet6' : 'unspec';
  const port = run.port === undefined ? '' : String(run.port);
  const resolution = lookup(run, { call: 'getaddrinfo', family, flags: [], socktype: 'stream' });
  if (resolution.outcome.kind === 'cannot-tell') return answer(run, resolution, nothingDialled, { prints: [] });
  if (resolution.outcome.kind === 'error') {
    const text = `nc: getaddrinfo for host "${run.name}" port ${port}: ${resolution.outcome.error.text}`;
    return answer(run, resolution, nothingDialled, { prints: [text], exitStatus: 1 });
  }
  const dialled = dialInTurn(run, addressesOf(resolution));
  if (dialled.needs !== undefined) return answer(run, resolution, dialled, { prints: [] });
  // A socket of a family that the kernel lacks is passed over without a word.
  const prints = dialled.attempts
    .filter((a) => a.stage !== 'socket')
    .map((a) =>
      a === dialled.winner
        ? `Connection to ${run.name} (${shownAddress(a.address)}) ${port} port [tcp/*] succeeded!`
        : `nc: connect to ${run.name} (${shownAddress(a.address)}) port ${port} (tcp) failed: ${strerror(run, errnoOf(a) ?? '')}`,
    );
  return answer(run, resolution, dialled, { prints, exitStatus: dialled.winner === undefined ? 1 : 0 });
}

export const client: Client = {
  id: 'nc',
  title: { en: 'nc (netcat)', zh: 'nc（netcat）' },
  program: 'nc',
  role: 'person',
  behaviour: say({ en: 'asks for any family and tries all addresses in turn', zh: '查询任意地址族，依次尝试所有地址' }),
  presentIn: (_world, view) => installed(view, 'nc'),
  answer: (world, view, name, port, options) => ask(startRun('nc', 'nc', world, view, name, port, options)),
  command: (name, port) => (port === undefined ? undefined : ['nc', '-vz', '-w', '3', name, String(port)]),
};
