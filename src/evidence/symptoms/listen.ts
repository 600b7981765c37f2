import { errnoOf } from '../errno-text.ts';
import { hostPort } from '../host-port.ts';
import { defineSymptomReader, details, draft } from './symptom-reader.ts';

/** Go: "listen tcp 10.0.0.1:2379: bind: cannot assign requested address"; nginx: "bind() to [::]:80 failed (98: Address already in use)". */
const GO = /\blisten (tcp|udp|unix)[46]? ([^ \t"]{1,255}?): ([^"]{1,200})/u;
const NGINX = /\b(bind|socket)\(\) (?:to )?(\[[^\]]+\]:\d+|[^ \t]+) failed \((\d+): ([^)]{1,100})/u;
const PUBLISH =
  /(?:failed to bind port|listen) (?:for )?([^ \t"]+:\d+)(?:\/(tcp|udp))?: [^"]{0,120}?(address already in use|cannot assign requested address)/u;

export const listen = defineSymptomReader({
  id: 'listen',
  anchors: ['listen tcp', 'listen udp', 'listen unix', 'bind() to', 'socket() ', 'bind: ', 'address already in use'],
  scan: [
    'listen tcp',
    'listen udp',
    'listen unix',
    'bind() to',
    'socket() [',
    'bind: address',
    'bind: cannot',
    'bind: permission',
    'address already in use',
  ],
  read({ message }) {
    const go = GO.exec(message);
    if (go !== null && !(go[3] ?? '').startsWith('lookup ')) {
      const [, protocol = '', target = '', error = ''] = go;
      const end = protocol === 'unix' ? undefined : hostPort(target.startsWith(':') ? `0.0.0.0${target}` : target);
      return [
        draft('listen-failed', 'listen', {
          protocol,
          address: end?.host ?? target,
          port: end?.port,
          errno: errnoOf(error),
          details: details({ error: error.slice(0, 160) }),
        }),
      ];
    }
    const nginx = NGINX.exec(message);
    if (nginx !== null) {
      const [, , target = '', , error = ''] = nginx;
      const end = hostPort(target);
      return [
        draft('listen-failed', 'listen', {
          protocol: 'tcp',
          address: end?.host,
          port: end?.port,
          errno: errnoOf(error),
          details: details({ error }),
        }),
      ];
    }
    const publish = PUBLISH.exec(message);
    if (publish === null) return [];
    const end = hostPort(publish[1] ?? '');
    return [
      draft('listen-failed', 'listen', {
        protocol: publish[2] ?? 'tcp',
        address: end?.host,
        port: end?.port,
        errno: errnoOf(publish[3] ?? ''),
        details: undefined,
      }),
    ];
  },
});
