import { known } from '../../facts/fact.ts';
import type { ViewFacts } from '../../facts/node-facts.ts';
import { say } from '../../shared/text.ts';
import type { Client } from '../types.ts';
import { askGo } from './_go.ts';
import { installed, programOf } from './_run.ts';

/**
 * The docker command with -H tcp://NAME:PORT: a Go program with cgo. Docker's own static builds are linked with musl (docker/cli
 * Dockerfile, BASE_VARIANT=alpine), so what Go leaves to the C library is answered by musl, whatever the machine has. Refused
 * connections and timeouts get a text of their own (moby client/request.go checkResponseErr, client/errors.go ErrorConnectionFailed).
 */
const MUSL_OF_STATIC_BUILDS = '1.2.5';

function viewOfDocker(view: ViewFacts): ViewFacts {
  const program = programOf(view, 'docker');
  if (program?.static === false) return view;
  return {
    ...view,
    libc: known({ kind: 'musl', version: MUSL_OF_STATIC_BUILDS }, { kind: 'statement', key: 'docker', text: 'static build' }),
  };
}
export const client: Client = {
  id: 'docker',
  title: { en: 'docker -H tcp://…', zh: 'docker -H tcp://…' },
  program: 'docker',
  role: 'person',
  behaviour: say({
    en: 'a Go program; what Go leaves to the C library is answered by the musl it is linked with; tries both families',
    zh: 'Go 程序；Go 交给 C 库的查询由其静态链接的 musl 处理；尝试两个地址族',
  }),
  presentIn: (_world, view) => installed(view, 'docker'),
  answer: (world, view, name, port, options) => {
    const said = askGo('docker', 'docker', { cgo: true }, world, viewOfDocker(view), name, port, options);
    const target = `${name}:${String(port ?? 2375)}`;
    const error = said.prints[0];
    const { outcome } = said;
    if (error === undefined) return outcome.kind === 'works' ? { ...said, exitStatus: 0 } : said;
    const own =
      outcome.kind === 'fails' &&
      (error.includes('connection refused') || outcome.errno === 'ETIMEDOUT' || outcome.error?.timeout === true);
    const text = own
      ? `Cannot connect to the Docker daemon at tcp://${target}. Is the docker daemon running?`
      : `error during connect: Get "http://${target}/v{API}/version": ${error}`;
    return { ...said, prints: [text], exitStatus: 1 };
  },
};
