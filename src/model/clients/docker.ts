import { say } from '../../shared/text.ts';
import type { Client } from '../types.ts';
import { askGo } from './_go.ts';
import { installed } from './_run.ts';

/**
 * The docker command with -H tcp://NAME:PORT: a Go program, static as Docker ships it. Refused connections and timeouts get a text of
 * their own (moby client/request.go checkResponseErr, client/errors.go ErrorConnectionFailed).
 */
export const client: Client = {
  id: 'docker',
  title: { en: 'docker -H tcp://…', zh: 'docker -H tcp://…' },
  program: 'docker',
  role: 'person',
  behaviour: say({
    en: 'a static Go program: reads hosts and resolv.conf itself and tries both families',
    zh: '静态 Go 程序：自行读取 hosts 和 resolv.conf，尝试两个地址族',
  }),
  presentIn: (_world, view) => installed(view, 'docker'),
  answer: (world, view, name, port, options) => {
    const { version, ...others } = options ?? {};
    const given = { flavour: 'pure', ...others, ...(version === undefined ? {} : { version }) };
    const said = askGo('docker', 'docker', { cgo: false }, world, view, name, port, given);
    const target = `${name}:${String(port ?? 2375)}`;
    const error = said.prints[0];
    if (error === undefined) return said;
    const { outcome } = said;
    const own = outcome.kind === 'fails' && (outcome.errno === 'ECONNREFUSED' || outcome.errno === 'ETIMEDOUT' || outcome.error?.timeout === true);
    const text = own
      ? `Cannot connect to the Docker daemon at tcp://${target}. Is the docker daemon running?`
      : `error during connect: Get "http://${target}/v{API}/version": ${error}`;
    return { ...said, prints: [text], exitStatus: 1 };
  },
};
