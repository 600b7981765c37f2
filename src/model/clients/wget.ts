import { say } from '../../shared/text.ts';
import type { Client, ClientAnswer } from '../types.ts';
import type { Run } from './_run.ts';
import {
  addressesOf,
  answer,
  bracketed,
  dialFirst,
  dialInTurn,
  errnoOf,
  installed,
  lookup,
  nothingDialled,
  shownAddress,
  startRun,
  strerror,
} from './_run.ts';
import { cannotConnect } from './telnet.ts';

/** GNU wget src/host.c (lookup_host), src/connect.c (connect_to_host); busybox networking/wget.c. Run: 1.21, 1.25, busybox 1.37. */
const SHOWN_ADDRESSES = 3;

const portOf = (run: Run): number => run.port ?? 80;

function askGnu(run: Run): ClientAnswer {
  const version = `wget ${run.version ?? ''}`.trim();
  const resolution = lookup(run, { call: 'getaddrinfo', family: 'unspec', flags: [], socktype: 'stream' });
  const begin = `Resolving ${run.name} (${run.name})...`;
  if (resolution.outcome.kind === 'cannot-tell') return answer(run, resolution, nothingDialled, { prints: [] }, version);
  if (resolution.outcome.kind === 'error') {
    const prints = [`${begin} failed: ${resolution.outcome.error.text}.`, `wget: unable to resolve host address '${run.name}'`];
    return answer(run, resolution, nothingDialled, { prints, exitStatus: 4 }, version);
  }
  const addresses = addressesOf(resolution);
  const shown = addresses.slice(0, SHOWN_ADDRESSES).map(shownAddress);
  const dialled = dialInTurn(run, addresses);
  if (dialled.needs !== undefined) return answer(run, resolution, dialled, { prints: [] }, version);
  const lines = dialled.attempts.map((a) => {
    const to = `Connecting to ${run.name} (${run.name})|${shownAddress(a.address)}|:${String(portOf(run))}...`;
    return a === dialled.winner ? `${to} connected.` : `${to} failed: ${strerror(run, errnoOf(a) ?? '')}.`;
  });
  const prints = [`${begin} ${[...shown, ...(addresses.length > SHOWN_ADDRESSES ? ['...'] : [])].join(', ')}`, ...lines];
  return answer(run, resolution, dialled, { prints, exitStatus: dialled.winner === undefined ? 4 : 0 }, version);
}

function askBusybox(run: Run): ClientAnswer {
  const version = `busybox ${run.version ?? ''}`.trim();
  const target = `${run.name}:${String(portOf(run))}`;
  const resolution = lookup(run, { call: 'getaddrinfo', family: 'unspec', flags: [], socktype: 'stream' });
  if (resolution.outcome.kind === 'cannot-tell') return answer(run, resolution, nothingDialled, { prints: [] }, version);
  const first = addressesOf(resolution)[0];
  if (first === undefined) {
    // busybox shows what it was given: with a port only where the address had one.
    const given = run.port === undefined ? run.name : target;
    return answer(run, resolution, nothingDialled, { prints: [`wget: bad address '${given}'`], exitStatus: 1 }, version);
  }
  const dialled = dialFirst(run, [first]);
  if (dialled.needs !== undefined) return answer(run, resolution, dialled, { prints: [] }, version);
  const prints = [`Connecting to ${run.port === undefined ? run.name : target} (${bracketed(first)}:${String(portOf(run))})`];
  if (dialled.winner === undefined) prints.push(`wget: ${cannotConnect(run, dialled.reported)}`);
  return answer(run, resolution, dialled, { prints, exitStatus: dialled.winner === undefined ? 1 : 0 }, version);
}

export const client: Client = {
  id: 'wget',
  title: { en: 'wget', zh: 'wget' },
  program: 'wget',
  role: 'person',
  behaviour: say({
    en: 'asks for any family and tries all addresses in turn (busybox: the first only)',
    zh: '查询任意地址族，依次尝试所有地址（busybox 只尝试第一个）',
  }),
  presentIn: (_world, view) => installed(view, 'wget'),
  answer: (world, view, name, port, options) => {
    const run = startRun('wget', 'wget', world, view, name, port, options);
    // GNU wget puts the host of a URL into small letters (url.c).
    return run.flavour === 'busybox' ? askBusybox(run) : { ...askGnu({ ...run, name: name.toLowerCase() }), name };
  },
  command: (name, port) => [
    'wget',
    '-T',
    '4',
    '-t',
    '1',
    '-O',
    '/dev/null',
    `http://${name}${port === undefined ? '' : `:${String(port)}`}/`,
  ],
};
