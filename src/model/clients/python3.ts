import { say } from '../../shared/text.ts';
import { errnoNumber } from '../dial/errno-texts.ts';
import type { Client, ClientAnswer, DialAttempt } from '../types.ts';
import type { Dialled, Run } from './_run.ts';
import { addressesOf, answer, dialInTurn, errnoOf, installed, isBefore, lookup, nothingDialled, startRun, strerror } from './_run.ts';

/** CPython Lib/socket.py create_connection, Modules/socketmodule.c; getaddrinfo(host, port, 0, SOCK_STREAM). Run: 3.11. */
const GAI_NUMBERS: Readonly<Record<string, number>> = {
  EAI_BADFLAGS: -1,
  EAI_NONAME: -2,
  EAI_AGAIN: -3,
  EAI_FAIL: -4,
  EAI_NODATA: -5,
  EAI_FAMILY: -6,
  EAI_SOCKTYPE: -7,
  EAI_SERVICE: -8,
  EAI_MEMORY: -10,
  EAI_SYSTEM: -11,
  EAI_OVERFLOW: -12,
};

/** The subclass of OSError that an errno becomes (PEP 3151). */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'ConnectionRefusedError',
  ECONNRESET: 'ConnectionResetError',
  EACCES: 'PermissionError',
  EPERM: 'PermissionError',
  ETIMEDOUT: 'TimeoutError',
};

/** `timeout=3` among the arguments: the timeout that the program sets on its socket, in seconds. */
function timeoutOf(args: readonly string[]): number {
  const given = args.find((a) => a.startsWith('timeout='));
  return given === undefined ? Infinity : Number(given.slice('timeout='.length)) * 1000;
}

function errorLine(run: Run, attempt: DialAttempt | undefined): string {
  const errno = errnoOf(attempt) ?? '';
  if (attempt !== undefined && attempt.elapsedMs >= timeoutOf(run.args))
    return isBefore(run.version, '3.10') ? 'socket.timeout: timed out' : 'TimeoutError: timed out';
  return `${EXCEPTIONS[errno] ?? 'OSError'}: [Errno ${String(errnoNumber(errno) ?? 0)}] ${strerror(run, errno)}`;
}

function ask(run: Run): ClientAnswer {
  const version = `Python ${run.version ?? ''}`.trim();
  const resolution = lookup(run, { call: 'getaddrinfo', family: 'unspec', flags: [], socktype: 'stream' });
  if (resolution.outcome.kind === 'cannot-tell') return answer(run, resolution, nothingDialled, { prints: [] }, version);
  if (resolution.outcome.kind === 'error') {
    const { code, text, errno } = resolution.outcome.error;
    const line =
      code === 'EAI_SYSTEM' && errno !== undefined
        ? `OSError: [Errno ${String(errnoNumber(errno) ?? 0)}] ${strerror(run, errno)}`
        : `socket.gaierror: [Errno ${String(GAI_NUMBERS[code] ?? 0)}] ${text}`;
    return answer(run, resolution, nothingDialled, { prints: [line], exitStatus: 1 }, version);
  }
  const dialled: Dialled = dialInTurn(run, addressesOf(resolution));
  if (dialled.needs !== undefined) return answer(run, resolution, dialled, { prints: [] }, version);
  if (dialled.winner !== undefined) return answer(run, resolution, dialled, { prints: [], exitStatus: 0 }, version);
  return answer(run, resolution, dialled, { prints: [errorLine(run, dialled.reported)], exitStatus: 1 }, version);
}

export const client: Client = {
  id: 'python3',
  title: { en: 'Python 3', zh: 'Python 3' },
  program: 'python3',
  role: 'person',
  behaviour: say({
    en: 'asks for any family, without AI_ADDRCONFIG, tries all addresses in turn and raises the last error',
    zh: '查询任意地址族，不带 AI_ADDRCONFIG，依次尝试所有地址，抛出最后一个错误',
  }),
  presentIn: (_world, view) => installed(view, 'python3'),
  answer: (world, view, name, port, options) => ask(startRun('python3', 'python3', world, view, name, port, options)),
  command: (name, port) => [
    'python3',
    '-c',
    'import socket,sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 3)',
    name,
    String(port ?? 80),
  ],
};
